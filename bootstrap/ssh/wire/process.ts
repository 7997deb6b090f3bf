import { constants } from 'node:os';

import type { ClientChannel } from 'ssh2';

import type { Session } from './client';
import { commandNotStarted } from './refusals';

/** The one program that runs on a node. */
export interface RemoteProcess {
  write(bytes: Uint8Array | string): void;
  /** Each piece of stdout, in order; undefined once, when the process has ended or the connection is lost. */
  onOutput(listener: (piece: Buffer | undefined) => void): void;
  /** The last 64 KiB that it has written to stderr so far. */
  stderr(): string;
  /** Exit status, 128 and the number for a signal; undefined if the connection was lost first. Never rejects. */
  readonly ended: Promise<number | undefined>;
  /** Ends it from our side, at once: no output follows. */
  kill(): void;
}

const STDERR_BYTES = 64 * 1024;

/** One exec channel, no pty. Rejects with a Refusal if the server runs no command; there is no other time limit here. */
export function startProcess(session: Session, command: string, place: string): Promise<RemoteProcess> {
  return new Promise((resolve, reject) => {
    const refuse = (cause?: unknown) => reject(commandNotStarted(place, cause));
    session.onClose(refuse);
    const answer = (error: Error | undefined, channel?: ClientChannel) => {
      if (channel === undefined) refuse(error);
      else resolve(toProcess(session, channel));
    };
    try {
      // A session that is ending throws where it otherwise calls back.
      session.exec(command, answer);
    } catch (error) {
      refuse(error);
    }
  });
}

function toProcess(session: Session, channel: ClientChannel): RemoteProcess {
  let [open, over] = [2, false];
  let exit: number | undefined;
  let stderr = Buffer.alloc(0);
  let listener: ((piece: Buffer | undefined) => void) | undefined;
  let end = () => {};
  const ended = new Promise<number | undefined>((resolve) => {
    end = () => {
      over = true;
      resolve(open === 0 ? exit : undefined);
      listener?.(undefined);
      listener = undefined;
    };
  });
  // Told before the channels are: an exit status that came with half of its output is no answer.
  session.onClose(end);
  // stdout may close before the rest of stderr was read.
  const close = () => {
    open -= 1;
    if (open === 0) end();
  };
  for (const stream of [channel, channel.stderr]) stream.on('error', () => {}).once('close', close);
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 127);
  });
  channel.stderr.on('data', (piece: Buffer) => {
    stderr = Buffer.concat([stderr, piece]).subarray(-STDERR_BYTES);
  });
  return {
    ended,
    write: (bytes) => {
      if (!over) channel.write(bytes);
    },
    onOutput: (told) => {
      if (over) return told(undefined);
      listener = told;
      channel.on('data', (piece: Buffer) => listener?.(piece));
    },
    stderr: () => stderr.toString('utf8'),
    kill: () => {
      end();
      channel.destroy();
    },
  };
}
