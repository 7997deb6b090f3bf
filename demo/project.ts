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
  /** Ends the run as Ctrl-C does. */
  readonly signal?: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `diff` plans without changing anything. */
export type Verb = 'deploy' | 'diff' | 'destroy';

/** A folder of its own with this repository's app in it, to deploy for real without touching the repository. */
export interface Project {
  readonly folder: string;
  writeEnv(name: string, text: string): void;
  cdktf(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The same with what nobody can be asked here. */
  run(verb: Verb, stacks: readonly string[], options?: RunOptions): Promise<Outcome>;
  remove(): void;
}

const REPOSITORY = resolve(__dirname, '..');
export const CDKTF = join(REPOSITORY, 'node_modules', '.bin', 'cdktf');

export function makeProject(engine: Engine, environment: NodeJS.ProcessEnv): Project {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
  mkdirSync(join(folder, 'env'));
  copyFileSync(join(REPOSITORY, 'cdktf.json'), join(folder, 'cdktf.json'));
  for (const name of ['main.ts', 'node_modules']) symlinkSync(join(REPOSITORY, name), join(folder, name));
  const base = { ...environment, ...engine.env };
  const cdktf: Project['cdktf'] = (args, { signal, environment: more } = {}) =>
    spawnCdktf(args, folder, { ...base, ...more }, signal);
  const lock = engine.skipProviderLock ? ['--skip-provider-lock'] : [];
  return {
    folder,
    writeEnv: (name, text) => writeFileSync(join(folder, 'env', `${name}.tfvars`), text),
    cdktf,
    run: (verb, stacks, options) =>
      cdktf([verb, ...stacks, ...(verb === 'diff' ? [] : ['--auto-approve']), ...lock], options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function spawnCdktf(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CDKTF, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill('SIGINT');
    signal?.addEventListener('abort', stop, { once: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', failed);
    child.on('close', (exit) => {
      signal?.removeEventListener('abort', stop);
      done({ exit: exit ?? 1, output });
    });
  });
}
