import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { arch, homedir, platform } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Environment } from './engine';

/** What one command did. `code` is undefined when it did not end by itself. */
export interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the machine's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Time limit, in whole seconds. */
  readonly seconds: number;
}

/** All that the finder asks of the machine it runs on. */
export interface Machine {
  readonly environment: Environment;
  readonly home: string;
  /** As provider mirrors name it: `linux_amd64`. */
  readonly platform: string;
  /** Absolute path of a command: looked up on PATH, or relative to the working folder where it holds a slash. */
  which(command: string): Promise<string | undefined>;
  /** A file's text, or undefined where there is none. */
  read(file: string): Promise<string | undefined>;
  /** A folder's names; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  run(command: string, args: readonly string[], options: RunOptions): Promise<Ran>;
}

/** The machine at hand. */
export function thisMachine(environment: Environment): Machine {
  return {
    environment,
    home: homedir(),
    platform: `${platform()}_${arch() === 'x64' ? 'amd64' : arch()}`,
    which: (command) => which(command, environment.PATH ?? ''),
    read: (file) => readFile(file, 'utf8').catch(() => undefined),
    list: (folder) => readdir(folder).catch(() => []),
    run: (command, args, options) => run(command, args, options, environment),
  };
}

async function which(command: string, path: string): Promise<string | undefined> {
  const folders = command.includes('/') ? [''] : path.split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const file = resolve(join(folder, command));
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[], options: RunOptions, environment: Environment): Promise<Ran> {
  const settings = {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...environment, ...options.env },
    timeout: options.seconds * 1000,
    maxBuffer: 64 * 1024 * 1024,
    killSignal: 'SIGKILL' as const,
  };
  return new Promise((done) => {
    execFile(command, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      done({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}
