import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

import { errorCode } from '../../../contract/error-code';
import { DialFailure } from './failures';

export interface Around {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gets each line that the command writes to stderr: it may ask the operator for something. */
  readonly tell: (line: string) => void;
}

/** A ProxyCommand, run as `ssh` does it: its stdin and stdout are the connection. It ends with the stream. */
export function openProxy(command: string, { environment, tell }: Around, signal: AbortSignal): Promise<Duplex> {
  const child = spawn(environment.SHELL || '/bin/sh', ['-c', command], { env: environment, stdio: 'pipe' });
  createInterface({ input: child.stderr }).on('line', tell);
  const stream = new ProxyStream(child);
  return new Promise((resolve, reject) => {
    const fail = (condition: string, cause?: unknown) => {
      stream.destroy();
      reject(new DialFailure('connect', condition, { cause }));
    };
    signal.addEventListener('abort', () => fail('timeout'), { once: true });
    child.once('spawn', () => resolve(stream));
    child.once('error', (error) => fail(errorCode(error), error));
  });
}

class ProxyStream extends Duplex {
  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    super();
    const { stdin, stdout } = child;
    // What cannot be written any more has no reader: the end of its output tells that, too.
    stdin.on('error', () => {});
    const exited = once(child, 'exit').catch(() => undefined);
    stdout.on('data', (piece: Buffer) => {
      if (!this.push(piece)) stdout.pause();
    });
    stdout.once('end', async () => {
      // Two turns bring in what it said of its end.
      await exited.then(() => turn()).then(() => turn());
      if (!this.destroyed) this.push(null);
    });
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.child.stdin.write(piece, () => done());
  }

  override _final(done: () => void): void {
    this.child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { child } = this;
    child.kill('SIGHUP');
    child.stdin.destroy();
    child.stdout.destroy();
    // Neither it nor what it leaves behind keeps us here.
    child.unref();
    if (child.stderr instanceof Socket) child.stderr.unref();
    done(error);
  }
}
