import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';

import { errorCode } from '../../../contract/error-code';
import type { Stop } from '../stop';
import type { Session } from './client';
import { DialFailure } from './failures';

/** Where a stream is to lead. */
export type Address = Pick<Stop, 'host' | 'port' | 'family' | 'localAddress' | 'connectSeconds'>;

/** A connected TCP socket; destroyed when the signal is aborted first. */
export async function openSocket(
  { connectSeconds, host, port, family, localAddress }: Address,
  signal: AbortSignal,
): Promise<Duplex> {
  // For an address Node does not look at the family.
  if (family !== 0 && ![0, family].includes(isIP(host))) throw new DialFailure('connect', 'EAFNOSUPPORT');
  // Node gives each of a name's addresses but the last a quarter of a second; a node behind a VPN may need more.
  const autoSelectFamilyAttemptTimeout = Math.max(250, connectSeconds * 250);
  const socket = connect({ host, port, family, localAddress, noDelay: true, autoSelectFamilyAttemptTimeout });
  return new Promise((resolve, reject) => {
    const fail = (error: DialFailure) => {
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(new DialFailure('connect', 'timeout'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
    // Stays for good: whatever comes later is told by the client too.
    socket.on('error', (error) => fail(new DialFailure('connect', errorCode(error), { cause: error })));
  });
}

/** RFC 4254, 5.1: the reason that a server gives for a channel it does not open. */
const ADMINISTRATIVELY_PROHIBITED = 1;

/** A connection that the jump host makes for us. */
export function openForward(via: Session, { host, port }: Address, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DialFailure('connect', 'timeout')), { once: true });
    via.forward(host, port).then(
      (stream) => {
        if (signal.aborted) stream.destroy();
        resolve(stream);
      },
      (error) => reject(new DialFailure('connect', forwardCondition(via, error), { cause: error })),
    );
  });
}

function forwardCondition(via: Session, error: unknown): string {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  if (reason === ADMINISTRATIVELY_PROHIBITED) return 'forward-forbidden';
  return via.isClosed() || reason === undefined ? 'jump-lost' : 'forward-failed';
}
