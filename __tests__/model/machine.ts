import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runProgram } from '../../bootstrap/program';
import type { Machine } from './engine';
import { makeFolder } from './folder';
import { Process } from './process';
import { outputOf } from './synthesis';
import type { Network } from './wire';

/** A machine that deploys: a checkout with what is not committed in it. */
export class Checkout {
  readonly folder = makeFolder('checkout');

  constructor(private readonly network: Network) {}

  /** What the engine has of this machine while it works on one stack. */
  forStack(name: string): Machine {
    const cwd = join(this.folder, 'cdktf.out/stacks', name);
    const read = (path: string) =>
      existsSync(resolve(cwd, path)) ? readFileSync(resolve(cwd, path), 'utf8') : undefined;
    return {
      read,
      write: (path, content) => {
        mkdirSync(dirname(resolve(cwd, path)), { recursive: true });
        writeFileSync(resolve(cwd, path), content, { mode: 0o600 });
      },
      remove: (path) => rmSync(resolve(cwd, path), { force: true }),
      start: (verb, settings) => new Process(this.network, (process) => this.runVerb(verb, settings, cwd, process)),
    };
  }

  private runVerb(verb: string, settings: string, folder: string, process: Process): Promise<void> {
    let now = 0;
    return runProgram(verb, settings, {
      folder,
      machine: { home: this.folder, localUser: 'operator', systemFolder: this.folder },
      // Time passes only when somebody waits.
      clock: {
        now: () => now,
        sleep: async (milliseconds) => {
          now += milliseconds;
        },
      },
      print: () => undefined,
      isOrphan: () => process.orphan,
    });
  }

  output(environment: string): string | undefined {
    const file = join(this.folder, outputOf(environment));
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  loseOutput(environment: string): void {
    rmSync(join(this.folder, outputOf(environment)), { force: true });
  }

  hasHandoffs(environment: string): boolean {
    return existsSync(join(this.folder, '.handoff', environment));
  }

  loseHandoffs(environment: string): void {
    rmSync(join(this.folder, '.handoff', environment), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
