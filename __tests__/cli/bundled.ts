import { execFileSync, spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../support/node';

const ROOT = resolve(__dirname, '../..');

/** The command as the package has it, in a folder that goes with the test. */
export function buildCli(): string {
  const folder = temporaryFolder();
  execFileSync(process.execPath, ['--import', 'tsx', 'cli/bundle.mts', join(folder, 'dist')], { cwd: ROOT });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'dist', 'cli.cjs');
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node. */
  readonly node?: readonly string[];
}

/** Runs it in a process of its own, in a pipe. */
export function runCliProcess(cli: string, argv: readonly string[], { cwd, env, node = [] }: Start): Promise<Ended> {
  // Of this machine it knows no agent, no keys and no ssh config.
  const own = { PATH: process.env.PATH ?? '', HOME: cwd, PROXMOX_SSH_CONFIG: 'none', ...env };
  const child = spawn(process.execPath, [...node, cli, ...argv], { cwd, env: own, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => (texts.stdout += bytes));
  child.stderr.on('data', (bytes) => (texts.stderr += bytes));
  return new Promise((done, failed) => {
    child.on('error', failed).on('close', (code, signal) => done({ code, signal, ...texts }));
  });
}
