import type { Refusal } from '../../../contract/refusal';
import { printable } from '../../foreign-text';
import { authFailed, type FailedLogin, passwordExpired } from '../login/refusals';
import type { Stop } from '../stop';
import { connectFailed, forwardingForbidden, handshakeFailed, hostNotFound } from './refusals';

/** How far an attempt to log in came. */
export type Stage = 'connect' | 'handshake' | 'login';

interface Detail extends ErrorOptions {
  readonly detail?: string;
}

/**
 * An attempt to log in that came to nothing. `condition` is a system error code (`ECONNREFUSED`), or one of `timeout`,
 * `cut`, `protocol`, `disconnected`, `refused`, `password-expired`, `forward-failed`, `forward-forbidden`, `jump-lost`.
 */
export class DialFailure extends Error {
  readonly detail?: string;

  constructor(
    readonly stage: Stage,
    readonly condition: string,
    options: Detail = {},
  ) {
    super(`${stage}: ${condition}`, options);
    this.detail = options.detail;
  }
}

const TRANSIENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'timeout',
  'cut',
  'forward-failed',
]);

/** Whether another attempt may help. Once logging in has begun it may not: it would only count against the user. */
export const isTransient = ({ stage, condition }: DialFailure): boolean =>
  stage !== 'login' && TRANSIENT.has(condition);

const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EADDRNOTAVAIL: 'the address of `BindAddress` is not one of this machine',
  EAFNOSUPPORT: 'the address is of another family than `AddressFamily`',
  EAI_AGAIN: 'the name server does not answer',
  'forward-failed': 'the jump host could not connect',
  'jump-lost': 'the connection to the jump host was lost',
};

const STAGES: Readonly<Record<Stage, string>> = {
  connect: 'while connecting',
  handshake: 'during the SSH handshake',
  login: 'during the login',
};

/** A cause in words, its code behind. */
export function describeFailure({ stage, condition }: DialFailure, connectSeconds: number): string {
  if (condition === 'timeout') return `timed out after ${connectSeconds} s ${STAGES[stage]}`;
  if (condition === 'cut') return `connection closed ${STAGES[stage]}`;
  const text = TEXTS[condition];
  if (text === undefined) return condition;
  return /^E[A-Z_]+$/.test(condition) ? `${text} (${condition})` : text;
}

/** How the last attempt went. */
export interface Course extends Omit<FailedLogin, 'cutOff'> {
  readonly attempt: number;
}

/** What the operator is told of an attempt after which there is no other. */
export function refusalFor(stop: Stop, failure: DialFailure, { attempt, ...login }: Course): Refusal {
  const { stage, condition, detail } = failure;
  // A server that cuts off while we log in has seen too many keys (MaxAuthTries), or does not let this user try.
  if (stage === 'login' && (condition === 'refused' || condition === 'disconnected')) {
    return authFailed(stop, { ...login, cutOff: condition === 'disconnected' }, failure);
  }
  if (condition === 'password-expired') return passwordExpired(stop.place);
  if (condition === 'ENOTFOUND') return hostNotFound(stop.place, stop.host);
  if (condition === 'forward-forbidden') return forwardingForbidden(stop.place);
  if (condition === 'protocol' || condition === 'disconnected') {
    return handshakeFailed(stop.place, printable(detail ?? condition, 200), failure);
  }
  return connectFailed(stop.place, describeFailure(failure, stop.connectSeconds), attempt, failure);
}
