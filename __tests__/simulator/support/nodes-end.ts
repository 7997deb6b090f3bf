/** Talks to a node's end over a pair of streams, whoever speaks at the other end. */
import { spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { Client } from 'ssh2';
import { onTestFinished } from 'vitest';
import { FrameReader, request } from '../../../bootstrap/node/frames';
import { NODES_END } from '../../../bootstrap/node/nodes-end';
import { parseStart } from '../../../simulator/nodes-end/command';
import { serveNodesEnd } from '../../../simulator/nodes-end/serve';
import { runWords } from '../../../simulator/shell/run';
import { binFolder, installShims } from '../../../simulator/shell/shims';

const MARKER = '0123456789abcdef';

/** The word of a frame, and the texts behind it. */
export type Told = readonly string[];

export interface End {
  send(...words: readonly string[]): void;
  /** Anything, request or not. */
  raw(text: string): void;
  /** The next frame; undefined where there comes none any more. */
  next(): Promise<Told | undefined>;
  /** What was written outside of the frames so far. */
  noise(): string;
  /** Says no more, and gives the frames that are left. */
  finish(): Promise<readonly Told[]>;
}

export interface StartOptions {
  readonly lockFile?: string;
  readonly seconds?: number;
  readonly sudo?: boolean;
}

export function startLine({ lockFile = '/run/lock/x.lock', seconds = 60, sudo = false }: StartOptions = {}): string {
  const perl = `read(STDIN,$s,${Buffer.byteLength(NODES_END)});eval $s;die $@ if $@`;
  return `exec env LC_ALL=C.UTF-8 perl -C0 -e '${perl}' ${MARKER} ${lockFile} ${seconds} ${sudo ? 1 : 0}`;
}

async function* framesOf(reader: FrameReader, stdout: AsyncIterable<Buffer>): AsyncGenerator<Told> {
  for await (const piece of stdout) {
    for (const { word, parts } of reader.push(piece)) yield [word, ...parts.map((part) => part.toString('utf8'))];
  }
}

function talk(stdout: Readable, stdin: Writable, stderr?: Readable): End {
  const reader = new FrameReader(MARKER);
  let complaints = '';
  stderr?.on('data', (piece: Buffer) => {
    complaints += piece;
  });
  stdin.on('error', () => undefined).write(NODES_END);
  const frames = framesOf(reader, stdout);
  const next = async () => (await frames.next()).value as Told | undefined;
  return {
    send: (...words) => stdin.write(request(words)),
    raw: (text) => stdin.write(text),
    next,
    noise: () => reader.noise + complaints,
    finish: async () => {
      stdin.end();
      const rest: Told[] = [];
      for (let frame = await next(); frame !== undefined; frame = await next()) rest.push(frame);
      return rest;
    },
  };
}

/** The real script under a real perl, with the node's programs first in the path. */
export function realEnd(root: string, options: StartOptions = {}, user = 'root'): End {
  installShims(root);
  const env = { PATH: `${binFolder(root)}:/usr/bin:/bin`, SIMULATOR_ROOT: root, SIMULATOR_USER: user };
  const line = startLine(options).replace('/run/lock/', `${root}/run/lock/`);
  const child = spawn('sh', ['-c', line], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return talk(child.stdout, child.stdin);
}

/** The simulated one, without SSH. */
export function simulatedEnd(root: string, options: StartOptions = {}, user = 'root'): End {
  const start = parseStart(startLine(options));
  if (!start) throw new Error('no start of the node’s end');
  const [input, output] = [new PassThrough(), new PassThrough()];
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  void serveNodesEnd({
    ...{ root, user, start, input, gone: gone.signal },
    write: (bytes) => output.write(bytes),
    run: (words) => runWords(words, { root, user, env: { LC_ALL: 'C.UTF-8' } }),
    watch: (_, act) => act(),
  }).then(() => output.end());
  return talk(output, input);
}

/** Over SSH. */
export function sshEnd(client: Client, options: StartOptions = {}): Promise<End> {
  return new Promise((resolve, reject) => {
    client.exec(startLine(options), (error, channel) => {
      if (error) return reject(error);
      resolve(talk(channel, channel, channel.stderr));
    });
  });
}
