import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMachine } from '../bootstrap/ssh/machine';
import type { Context, Terminal } from './context';
import { runCli } from './program';

/** EX_SOFTWARE: a defect of ours. */
const DEFECT = 70;

const { env, stdin, stdout, stderr } = process;
const isCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false';
const isTerminal = stdin.isTTY === true && stderr.isTTY === true && !isCi;
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());
// A reader that has seen enough (`| head`) is no error.
stdout.on('error', () => undefined);

let shown = 0;
function clear(): void {
  if (shown > 0) stderr.write(`\r${' '.repeat(shown)}\r`);
  shown = 0;
}

const terminal: Terminal = {
  print: (line) => {
    clear();
    stdout.write(`${line}\n`);
  },
  note: (line) => {
    clear();
    stderr.write(`${line}\n`);
  },
  progress: (line) => {
    if (!isTerminal) return;
    clear();
    const text = line.slice(0, (stderr.columns || 80) - 1);
    stderr.write(text);
    shown = text.length;
  },
  ...(isTerminal ? { ask } : {}),
  columns: stdout.columns || 120,
  colour: stdout.isTTY === true && !env.NO_COLOR,
};

function ask(question: string, hidden = false): Promise<string> {
  clear();
  stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: hidden ? silent : stderr, terminal: true });
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('interrupted'));
    lines.once('SIGINT', () => ended.abort());
    ended.signal.addEventListener('abort', stop, { once: true });
    lines.question(hidden ? '' : ' ', resolve);
    lines.once('close', stop);
  }).finally(() => {
    lines.close();
    if (hidden) stderr.write('\n');
  }) as Promise<string>;
}

const context: Context = {
  folder: process.cwd(),
  environment: env,
  machine: readMachine(env),
  clock: { now: Date.now, sleep },
  terminal,
  signal: ended.signal,
};

runCli(process.argv.slice(2), context).then(
  (code) => {
    clear();
    process.exitCode = code;
    // A connection that is still being tried would hold up whoever pressed Ctrl-C.
    if (ended.signal.aborted) process.exit();
  },
  (error: unknown) => {
    clear();
    stderr.write(
      `This is a defect of proxmox-tokens, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = DEFECT;
  },
);
