import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Engine } from '../engines/engine';

/** How one run of `cdktf` ended. */
export interface Outcome {
  readonly exit: number;
  /** stdout and stderr, in the order they came. */
  readonly output: string;
}

export interface RunOptions {
  /** Sees the output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Ends the run as Ctrl-C does. */
  readonly signal?: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A folder of its own with this repository's app in it, to deploy for real without touching the repository. */
export interface Project {
  readonly folder: string;
  writeEnv(name: string, text: string): void;
  cdktf(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** One stack, or several with a blank between them. */
  deploy(stacks: string, options?: RunOptions): Promise<Outcome>;
  /** Plans without changing anything. */
  diff(stack: string, options?: RunOptions): Promise<Outcome>;
  destroy(stacks: string, options?: RunOptions): Promise<Outcome>;
  remove(): void;
}

const REPOSITORY = resolve(__dirname, '..');
const CDKTF = join(REPOSITORY, 'node_modules', '.bin', 'cdktf');

export function makeProject(engine: Engine, environment: NodeJS.ProcessEnv): Project {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
  mkdirSync(join(folder, 'env'));
  copyFileSync(join(REPOSITORY, 'cdktf.json'), join(folder, 'cdktf.json'));
  for (const name of ['main.ts', 'node_modules']) symlinkSync(join(REPOSITORY, name), join(folder, name));
  const base = { ...environment, ...engine.env };
  const cdktf: Project['cdktf'] = (args, options = {}) =>
    run(args, folder, { ...base, ...options.environment }, options);
  const lock = engine.skipProviderLock ? ['--skip-provider-lock'] : [];
  return {
    folder,
    writeEnv: (name, text) => writeFileSync(join(folder, 'env', `${name}.tfvars`), text),
    cdktf,
    deploy: (stacks, options) => cdktf(['deploy', ...stacks.split(' '), '--auto-approve', ...lock], options),
    diff: (stack, options) => cdktf(['diff', stack, ...lock], options),
    destroy: (stacks, options) => cdktf(['destroy', ...stacks.split(' '), '--auto-approve', ...lock], options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function run(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  { onOutput, signal }: RunOptions,
): Promise<Outcome> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CDKTF, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill('SIGINT');
    signal?.addEventListener('abort', stop, { once: true });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      onOutput?.(String(chunk));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', failed);
    child.on('close', (exit) => {
      signal?.removeEventListener('abort', stop);
      done({ exit: exit ?? 1, output });
    });
  });
}
