import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Sampler {
  /** Ends the sampling. Every command line and environment that was seen, each text once, with NUL between its parts. */
  stop(): Promise<readonly string[]>;
}

/** Samples what this process starts, and what that starts in turn, from a process of its own. */
export async function startSampler(): Promise<Sampler> {
  const program = join(__dirname, 'sampler-main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(process.pid)]);
  const printed = text(child.stdout);
  await once(child.stderr, 'data');
  return {
    stop: async () => {
      child.stdin.end();
      return JSON.parse(await printed) as string[];
    },
  };
}
