/** The node's end: the script that a verb starts on a node, as this process speaks for it. Held against the real one in tests. */
import type { Result } from '../machine/program';
import { describe, START, type Start } from './command';
import { lockPath, unlockable } from './lock-file';
import { Reader } from './reader';
import { type Release, takeRunLock } from './run-lock';

export interface NodesEnd {
  readonly root: string;
  readonly user: string;
  readonly start: Start;
  readonly input: AsyncIterable<Buffer>;
  readonly write: (bytes: Buffer) => void;
  /** The other side has gone. */
  readonly gone: AbortSignal;
  readonly run: (words: readonly string[]) => Promise<Result>;
  /** Stands around everything that counts as a command; undefined where the connection was cut there. */
  readonly watch: <T>(line: string, act: () => Promise<T>) => Promise<T | undefined>;
}

function frame(marker: string, word: string | number, parts: readonly Buffer[] = []): Buffer {
  const head = [`\n${marker}`, word, ...parts.map(({ length }) => length)].join(' ');
  return Buffer.concat([Buffer.from(`${head}\n`), ...parts, Buffer.from(`\n${marker} end\n`)]);
}

async function readWords(reader: Reader): Promise<string[] | undefined> {
  const lengths = (await reader.line())?.split(' ').filter(Boolean);
  if (lengths === undefined) return undefined;
  const words: string[] = [];
  for (const length of lengths) {
    const word = await reader.bytes(Number(length));
    if (word === undefined) return undefined;
    words.push(word.toString('utf8'));
  }
  return words;
}

/** The secret of one token: a line of another that has the same ending is not told. */
function linesThatBegin(text: Buffer, beginning: string | undefined): Buffer {
  const lines = text.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const start = Buffer.from(beginning ?? '').toString('latin1');
  return Buffer.from(lines.filter((line) => line.startsWith(start)).join(''), 'latin1');
}

async function answerRequests(reader: Reader, { start, write, run, watch }: NodesEnd): Promise<void> {
  for (;;) {
    const words = await readWords(reader);
    if (words === undefined) return;
    const called = start.sudo ? ['sudo', '-n', ...words] : words;
    const answer = await watch(describe(called), () => run(called));
    if (answer === undefined) return;
    const { exit, stdout, stderr } = answer;
    const told = words[0] === 'grep' ? linesThatBegin(stdout, words[3]) : stdout;
    write(frame(start.marker, exit, [told, stderr]));
  }
}

/** Ends when the other side closes its stdin, or has gone. The lock goes with it. */
export async function serveNodesEnd(end: NodesEnd): Promise<void> {
  const { root, user, start, write, gone, watch } = end;
  const say = (word: string, ...parts: string[]) =>
    write(
      frame(
        start.marker,
        word,
        parts.map((part) => Buffer.from(part)),
      ),
    );
  const file = lockPath(root, start.lockFile);
  const reader = new Reader(end.input);
  let release: Release | undefined;
  try {
    const told = await watch(START, async () => {
      await reader.bytes(start.bytes);
      const reason = unlockable(file);
      if (reason !== undefined) return () => say('unlockable', reason);
      const { seconds } = start;
      release = await takeRunLock({ root, file, seconds, onWait: () => say('waiting'), signal: gone });
      return release ? () => say('ready', user === 'root' ? '0' : '1000') : () => say('locked');
    });
    told?.();
    if (told && release) await answerRequests(reader, end);
  } finally {
    release?.();
  }
}
