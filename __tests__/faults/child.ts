import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { SETTINGS_VARIABLE } from '../../contract/settings';
import { bundleProgram } from '../support/program';
import type { LocalPlan } from './local';
import { type Ending, type Start, textOf } from './start';

/** The program as the provisioners run it, and the file that is loaded before it. */
export interface Program {
  readonly bundle: string;
  readonly preload: string;
  /** A file of its own for what a run does. */
  readonly log: (name: string) => string;
  remove(): void;
}

export function buildProgram(): Program {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-faults-program-'));
  const preload = join(folder, 'preload.cjs');
  buildSync({ entryPoints: [join(__dirname, 'preload.ts')], platform: 'node', format: 'cjs', outfile: preload });
  return {
    bundle: bundleProgram(folder),
    preload,
    log: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** In a process of its own. `onSpawn` gets it before it does anything. */
export function startChild(program: Program, plan?: LocalPlan, onSpawn?: (child: ChildProcess) => void): Start {
  return async (stage, bench, run) => {
    mkdirSync(bench.project, { recursive: true });
    const preload = plan === undefined ? [] : ['--require', program.preload];
    const child = spawn(process.execPath, [...preload, program.bundle, stage.verb], {
      cwd: bench.project,
      env: {
        PATH: process.env.PATH,
        HOME: bench.project,
        PROXMOX_SSH_CONFIG: 'none',
        [SETTINGS_VARIABLE]: textOf(stage, bench, run),
        ...(plan === undefined ? {} : { FAULT_PLAN: JSON.stringify(plan) }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onSpawn?.(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { how: howEnded(code, signal), said };
  };
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): Ending['how'] {
  if (signal !== null) return 'killed';
  return code === 0 ? 'done' : code === 1 ? 'refused' : 'defect';
}
