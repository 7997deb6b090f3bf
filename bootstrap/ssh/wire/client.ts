import type { Duplex } from 'node:stream';

import {
  type AlgorithmList,
  type AnyAuthMethod,
  type AuthenticationType,
  Client,
  type ClientChannel,
  type ServerHostKeyAlgorithm,
} from 'ssh2';

import { errorCode } from '../../../contract/error-code';
import type { Stop } from '../stop';
import { DialFailure, type Stage } from './failures';

export interface Login {
  readonly user: string;
  /** Types of host key to ask for. */
  readonly hostKeys: ServerHostKeyAlgorithm[];
  /** The ssh config's lists. */
  readonly algorithms: Stop['algorithms'];
  readonly keepalive: Stop['keepalive'];
  /** The reason to turn the host key away, or undefined. */
  readonly check: (blob: Buffer) => Error | undefined;
  /** The next way to log in, of the kinds that the server takes. */
  readonly next: (accepted: readonly AuthenticationType[]) => AnyAuthMethod | undefined;
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
  onClose(listener: () => void): void;
}

/** Shakes hands on a connected stream and logs in. Owns the stream from here on. */
export function openSession(stream: Duplex, login: Login): Promise<Session> {
  const client = new Client();
  const session = toSession(client, stream);
  const ended = () => stream.readableEnded || stream.destroyed;
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
      if (error.level !== 'agent') fail(toFailure(error, stage, ended()));
    });
    client.on('close', () => fail(new DialFailure(stage, 'cut')));
    client.on('change password', () => fail(new DialFailure(stage, 'password-expired')));
    client.on('ready', () => resolve(session));
    client.connect({
      sock: stream,
      username: login.user,
      algorithms: {
        serverHostKey: login.hostKeys,
        kex: allowed(login.algorithms.kex),
        cipher: allowed(login.algorithms.cipher),
        hmac: allowed(login.algorithms.hmac),
      },
      // Asked at every key exchange, the later ones too.
      hostVerifier: (blob: Buffer) => {
        turnedAway = login.check(blob);
        return turnedAway === undefined;
      },
      authHandler: (accepted, _partial, next) => {
        const first = stage === 'handshake';
        stage = 'login';
        // `none` first: the refusal says what the server takes.
        const method = first ? { type: 'none' as const, username: login.user } : login.next(accepted);
        if (method === undefined) fail(new DialFailure(stage, 'refused'));
        else next(method);
      },
      // The whole attempt has one time limit, and it is `signal`.
      readyTimeout: 0,
      keepaliveInterval: login.keepalive.seconds * 1000,
      keepaliveCountMax: login.keepalive.count,
    });
  });
}

/** What a list of the ssh config leaves of ssh2's own, in ssh2's order: it knows which ones are fast in JavaScript. */
function allowed<T extends string>(names?: readonly string[]): AlgorithmList<T> | undefined {
  if (names === undefined) return undefined;
  const any = names.map((name) => name.replaceAll('.', '\\.')).join('|');
  // Patterns, since ssh2 throws at a name that it does not know. Its types do not know that it takes them.
  const change: unknown = { remove: new RegExp(`^(?!(?:${any})$)`), append: new RegExp(`^(?:${any})$`) };
  return change as AlgorithmList<T>;
}

/** By ssh2's `level`, never by its wording. A numeric code is the reason of an SSH disconnect message. */
function toFailure(error: Error & { level?: string; code?: unknown }, stage: Stage, ended: boolean): DialFailure {
  const detail = { detail: error.message, cause: error };
  if (error.level === 'client-socket') return new DialFailure(stage, errorCode(error), detail);
  if (typeof error.code === 'number') return new DialFailure(stage, 'disconnected', detail);
  return new DialFailure(stage, ended ? 'cut' : 'protocol', detail);
}

function toSession(client: Client, stream: Duplex): Session {
  const listeners: (() => void)[] = [];
  let closed = false;
  // These stay for good: an `error` that nobody listens to would end the program.
  client.on('error', () => {});
  stream.on('error', () => {});
  // A forwarded stream stays half open unless this side ends too.
  for (const event of ['end', 'close']) stream.on(event, () => stream.end());
  client.on('close', () => {
    closed = true;
    for (const listener of listeners) listener();
  });
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
    isClosed: () => closed,
    onClose: (listener) => {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}
