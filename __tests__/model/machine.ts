import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runProgram } from '../../bootstrap/program';
import { anOperator } from '../support/verbs';
import { Process } from './process';
import { outputOf } from './synthesis';
import type { Network } from './wire';

/** Memory where the machine offers it as a folder: a life renames and removes thousands of small files. */
const MEMORY = '/dev/shm';

export const makeFolder = (name: string): string =>
  mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), `proxmox-model-${name}-`));

/** What an engine has of a machine while it works on one stack. */
export type Machine = ReturnType<Checkout['forStack']>;

/** A machine that deploys: a checkout with what is not committed in it. */
export class Checkout {
  readonly folder = makeFolder('checkout');

  constructor(private readonly network: Network) {}

  forStack(name: string) {
    const folder = join(this.folder, 'cdktf.out/stacks', name);
    return {
      folder,
      read: (path: string) => readIfThere(resolve(folder, path)),
      write: (path: string, content: string) => {
        mkdirSync(dirname(resolve(folder, path)), { recursive: true });
        writeFileSync(resolve(folder, path), content, { mode: 0o600 });
      },
      /** Deletes a file. Says whether it was there. */
      take: (path: string) => {
        const file = resolve(folder, path);
        const isThere = existsSync(file);
        rmSync(file, { force: true });
        return isThere;
      },
      remove: (path: string) => rmSync(resolve(folder, path), { force: true }),
      start: (verb: string, settings: string) =>
        new Process(this.network, verb, (process) => {
          const { around } = anOperator(this.folder, { folder, isOrphan: () => process.orphan });
          return runProgram(verb, settings, { ...around, machine: Object.assign(around.machine, { process }) });
        }),
    };
  }

  output(environment: string): string | undefined {
    return readIfThere(join(this.folder, outputOf(environment)));
  }

  hasHandoffs(environment: string): boolean {
    return existsSync(join(this.folder, '.handoff', environment));
  }

  lose(what: 'output' | 'hand-offs', environment: string): void {
    const path = what === 'output' ? outputOf(environment) : join('.handoff', environment);
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const readIfThere = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
