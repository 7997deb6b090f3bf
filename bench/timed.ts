import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Timed {
  readonly seconds: number;
  /** The most memory that the program itself held, without its children; undefined where the system does not tell. */
  readonly megabytes?: number;
  readonly output: string;
}

export interface Command {
  readonly program: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default [0] - how it may end */
  readonly exits?: readonly number[];
}

const SAMPLE_MS = 50;
const SHOWN = 2000;

/** Runs a program to its end and tells how long that took, start and end of the process included. */
export function timed({ program, args = [], cwd, env, exits = [0] }: Command): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let megabytes: number | undefined;
    const sampler = setInterval(() => {
      megabytes = peakOf(child.pid) ?? megabytes;
    }, SAMPLE_MS);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (exit) => {
      clearInterval(sampler);
      const seconds = (performance.now() - began) / 1000;
      if (exits.includes(exit ?? -1)) resolve({ seconds, megabytes, output });
      else reject(new Error(`${program} ${args.join(' ')} ended with ${exit}:\n${output.slice(-SHOWN)}`));
    });
  });
}

/** Linux keeps the peak itself, so that a sample near the end is enough. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
