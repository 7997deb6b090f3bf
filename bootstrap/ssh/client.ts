import type { Duplex } from 'node:stream';

import { Client, type ClientChannel, type ServerHostKeyAlgorithm } from 'ssh2';

import type { Attempts } from './auth';
import { DialFailure, type Stage } from './failures';

/** Dead peers are noticed after about 40 seconds. */
const KEEPALIVE_MILLISECONDS = 10_000;
const KEEPALIVES_MISSED = 3;

export interface Login {
  readonly user: string;
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** The reason to turn the host key away, or undefined. */
  readonly check: (blob: Buffer) => Error | undefined;
  readonly attempts: Attempts;
  /** Aborted when the time of this attempt is up. */
  readonly signal: AbortSignal;
}

/** A logged-in client. Whoever has it closes it. */
export interface Session {
  exec(command: string, answer: (error: Error | undefined, channel?: ClientChannel) => void): void;
  forward(host: string, port: number): Promise<Duplex>;
  /** Ends the session; the stream below may take a moment longer. */
  end(): void;
  readonly stream: Duplex;
  readonly isClosed: () => boolean;
  /** Told before the channels are: once, or at once if it is closed already. */
  onClose(listener: () => void): () => void;
}

/** Shakes hands on a connected stream and logs in. Owns the stream from here on. */
export function openSession(stream: Duplex, login: Login): Promise<Session> {
  const client = new Client();
  // Both stay for good: an `error` that nobody listens to would end the program.
  const watch = watchClient(client, stream);
  return new Promise((resolve, reject) => {
    let stage: Stage = 'handshake';
    let turnedAway: Error | undefined;
    const fail = (error: Error) => {
      stream.destroy();
      reject(turnedAway ?? error);
    };
    login.signal.addEventListener('abort', () => fail(new DialFailure(stage, 'timeout')), { once: true });
    client.on('error', (error) => {
      // The agent would not sign: ssh2 goes on with the next attempt by itself.
      if (error.level !== 'agent') fail(toFailure(error, stage, watch.ended()));
    });
    client.on('close', () => fail(new DialFailure(stage, 'cut')));
    client.on('change password', () => fail(new DialFailure(stage, 'password-expired')));
    client.on('ready', () => resolve(toSession(client, stream, watch)));
    client.connect({
      sock: stream,
      username: login.user,
      algorithms: { serverHostKey: login.algorithms },
      // Asked at every key exchange, the later ones too.
      hostVerifier: (blob: Buffer) => {
        turnedAway = login.check(blob);
        return turnedAway === undefined;
      },
      authHandler: (accepted, _partial, next) => {
        const first = stage === 'handshake';
        stage = 'login';
        // `none` first: the refusal says what the server takes.
        const method = first ? { type: 'none' as const, username: login.user } : login.attempts.next(accepted);
        if (method === undefined) fail(new DialFailure(stage, 'refused'));
        else next(method);
      },
      // The whole attempt has one time limit, and it is `signal`.
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_MILLISECONDS,
      keepaliveCountMax: KEEPALIVES_MISSED,
    });
  });
}

/** By ssh2's `level`, never by its wording. A numeric code is the reason of an SSH disconnect message. */
function toFailure(error: Error & { level?: string; code?: unknown }, stage: Stage, ended: boolean): DialFailure {
  const detail = { detail: error.message, cause: error };
  if (error.level === 'client-socket') return new DialFailure(stage, String(error.code ?? 'cut'), detail);
  if (typeof error.code === 'number') return new DialFailure(stage, 'disconnected', detail);
  return new DialFailure(stage, ended ? 'cut' : 'protocol', detail);
}

interface Watch {
  readonly ended: () => boolean;
  readonly closed: () => boolean;
  readonly listeners: Set<() => void>;
}

function watchClient(client: Client, stream: Duplex): Watch {
  const listeners = new Set<() => void>();
  let [ended, closed] = [false, false];
  const end = () => {
    ended = true;
    // A forwarded stream stays half open unless this side ends too.
    stream.end();
  };
  stream
    .on('error', () => {})
    .on('end', end)
    .on('close', end);
  client.on('error', () => {});
  client.on('close', () => {
    closed = true;
    for (const listener of listeners) listener();
    listeners.clear();
  });
  return { ended: () => ended, closed: () => closed, listeners };
}

function toSession(client: Client, stream: Duplex, watch: Watch): Session {
  return {
    exec: (command, answer) => {
      client.exec(command, answer);
    },
    forward: (host, port) =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)));
      }),
    end: () => {
      client.end();
    },
    stream,
    isClosed: watch.closed,
    onClose: (listener) => {
      if (watch.closed()) listener();
      else watch.listeners.add(listener);
      return () => watch.listeners.delete(listener);
    },
  };
}
