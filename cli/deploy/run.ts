import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Environment, filesStack } from '../../constructs/input/entry';
import type { Context } from '../context';
import { findEngine } from './engine';
import { errorLines, isResult, isWithoutRegistry, stepLine } from './lines';
import { cdktfMissing, deployFailed, engineDied, outputMissing, registryMissing } from './refusals';

export interface DeployOptions {
  /** Passed on to `cdktf`. */
  readonly rest?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** The stack of the clusters alone: files stay as they are. */
  readonly clustersOnly?: true;
}

export interface Deployed {
  /** The whole log, in a folder of mode 0700. */
  readonly log: string;
  readonly files: readonly string[];
}

/** Runs `cdktf deploy` for the stacks of an environment, a line a step. Throws a Refusal where it did not come to its end. */
export async function deploy(
  environment: Environment,
  context: Context,
  options: DeployOptions = {},
): Promise<Deployed> {
  const stacks = stacksOf(environment, options.clustersOnly ?? false);
  const log = join(mkdtempSync(join(tmpdir(), 'proxmox-tokens-log-')), `${environment.name}.log`);
  const { exit, results, text } = await runCdktf(
    ['deploy', ...stacks, '--auto-approve', ...(options.rest ?? [])],
    log,
    context,
    options,
  );
  if (exit !== 0 && isWithoutRegistry(text)) throw registryMissing(log);
  if (exit !== 0) throw deployFailed(exit, log, errorLines(text));
  if (results < stacks.length) throw engineDied(log, stacks);
  const files = options.clustersOnly ? [] : environment.outputs.map(({ file }) => file);
  const missing = files.filter((file) => !isWritten(join(context.folder, file)));
  if (missing.length > 0) throw outputMissing(missing, log);
  return { log, files };
}

function stacksOf({ name, outputs }: Environment, clustersOnly: boolean): string[] {
  return [name, ...(!clustersOnly && outputs.some(({ ownStack }) => ownStack) ? [filesStack(name)] : [])];
}

function isWritten(file: string): boolean {
  return existsSync(file) && readFileSync(file).length > 0;
}

interface Ended {
  readonly exit: number;
  readonly results: number;
  readonly text: string;
}

async function runCdktf(
  args: readonly string[],
  log: string,
  context: Context,
  options: DeployOptions,
): Promise<Ended> {
  const { folder, environment, terminal, signal } = context;
  const engine = await findEngine(environment);
  const file = createWriteStream(log, { mode: 0o600 });
  const env = { ...environment, ...engine.environment, CI: '1', FORCE_COLOR: '0', ...options.variables };
  // A process group of its own: Ctrl-C reaches us alone, and we pass it on once.
  const child = spawn(process.execPath, [findCdktf(folder), ...args], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  let text = '';
  let results = 0;
  const read = (stream: NodeJS.ReadableStream) => {
    createInterface({ input: stream }).on('line', (line) => {
      file.write(`${line}\n`);
      text += `${line}\n`;
      if (isResult(line)) results += 1;
      const step = stepLine(line);
      if (step === undefined) terminal.progress(line.trim());
      else terminal.print(`  ${step}`);
    });
  };
  read(child.stdout);
  read(child.stderr);
  const exit = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  });
  signal.removeEventListener('abort', stop);
  await new Promise<void>((resolve) => file.end(resolve));
  if (signal.aborted)
    terminal.note('Interrupted. What is done on the nodes stays; deploy again and it goes on from there.');
  return { exit, results, text };
}

function findCdktf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'node_modules', '.bin', 'cdktf');
    if (existsSync(file)) return file;
    if (at === dirname(at)) throw cdktfMissing(folder);
  }
}
