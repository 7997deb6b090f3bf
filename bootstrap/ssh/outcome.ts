import type { Refusal } from '../../contract/refusal';
import type { Attempts } from './auth';
import { type DialFailure, describeFailure } from './failures';
import { printable } from './printable';
import {
  authFailed,
  connectFailed,
  forwardingForbidden,
  handshakeFailed,
  hostNotFound,
  passwordExpired,
} from './refusals';
import type { Stop } from './route';

/** How the last attempt went. */
export interface Course {
  readonly attempt: number;
  readonly attempts: Attempts;
  readonly skipped: readonly string[];
}

/** What the operator is told of an attempt after which there is no other. */
export function refusalFor(stop: Stop, failure: DialFailure, { attempt, attempts, skipped }: Course): Refusal {
  const { stage, condition, detail } = failure;
  // A server that cuts off while we log in has seen too many keys (MaxAuthTries), or does not let this user try.
  if (stage === 'login' && (condition === 'refused' || condition === 'disconnected')) {
    const { tried, accepted } = attempts;
    const login = {
      address: `${stop.user}@${stop.host}`,
      port: stop.port,
      tried,
      skipped,
      accepted,
      cutOff: condition === 'disconnected',
    };
    return authFailed(stop.place, { ...login, passwordHelps: stop.role === 'node' }, failure);
  }
  if (condition === 'password-expired') return passwordExpired(stop.place);
  if (condition === 'ENOTFOUND') return hostNotFound(stop.place, stop.host);
  if (condition === 'forward-forbidden') return forwardingForbidden(stop.place);
  if (condition === 'protocol' || condition === 'disconnected') {
    return handshakeFailed(stop.place, printable(detail ?? condition, 200), failure);
  }
  return connectFailed(stop.place, describeFailure(failure, stop.connectSeconds), attempt, failure);
}
