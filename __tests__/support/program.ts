import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import { SETTINGS_VARIABLE } from '../../contract/settings';

/** The bootstrap program as the stack ships it: one file, made of the sources as they are. */
export function bundleProgram(folder: string): string {
  const outfile = join(folder, 'bootstrap.cjs');
  const entryPoints = [join(__dirname, '../../bootstrap/main.ts')];
  const external = ['cpu-features', '*.node'];
  buildSync({ entryPoints, outfile, external, bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' });
  return outfile;
}

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Start {
  readonly verb?: string;
  readonly settings?: unknown;
  readonly cwd: string;
  /** A shell line that runs the program as `"$@"`; by default it is started as a provisioner does. */
  readonly through?: string;
}

/** Starts the program as a process of its own, with nothing of this one's environment but the path. */
export function startBundle(program: string, { verb, settings, cwd, through = 'exec "$@"' }: Start) {
  const json = typeof settings === 'string' ? settings : JSON.stringify(settings);
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    PROXMOX_SSH_CONFIG: 'none',
    ...(settings === undefined ? {} : { [SETTINGS_VARIABLE]: json }),
  };
  const words = [process.execPath, program, ...(verb === undefined ? [] : [verb])];
  const child = spawn('/bin/sh', ['-c', through, 'sh', ...words], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const ended = Promise.all([text(child.stdout), text(child.stderr), exit]).then(
    ([stdout, stderr, exit]): Ended => ({ exit, stdout, stderr }),
  );
  return { child, ended };
}

/** The same, to its end. */
export const runBundle = (program: string, start: Start): Promise<Ended> => startBundle(program, start).ended;
