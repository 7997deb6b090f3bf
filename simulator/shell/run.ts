/** What runs on the node: words by its own programs in this process, all else by real ones with the shims before them. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Result, result } from '../machine/program';
import { reasonOf } from '../machine/reasons';
import { readSettings } from '../machine/settings';
import { runBuiltin } from './builtin';
import { binFolder, installShims } from './shims';

export interface Login {
  readonly root: string;
  readonly user: string;
  /** Variables that the client sent, such as LANG. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Readable;
  readonly signal?: AbortSignal;
}

/** A login's variables; what the client sends wins. */
function loginEnv({ root, user, env }: Login): Record<string, string> {
  const path = `${binFolder(root)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const home = join(root, 'home', user);
  const own = { PATH: path, HOME: home, USER: user, LOGNAME: user, SHELL: '/bin/bash', LANG: 'C.UTF-8' };
  return { ...own, ...env, SIMULATOR_ROOT: root, SIMULATOR_USER: user };
}

async function runReal([name = '', ...args]: readonly string[], login: Login): Promise<Result> {
  installShims(login.root);
  const env = loginEnv(login);
  mkdirSync(env.HOME ?? login.root, { recursive: true });
  const child = spawn(name, args, { env, cwd: env.HOME, stdio: 'pipe', detached: true });
  const stop = () => {
    // Its children go with it; it may have ended by itself.
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {}
  };
  login.signal?.addEventListener('abort', stop, { once: true });
  child.stdin.on('error', () => undefined);
  if (login.input) login.input.pipe(child.stdin);
  else child.stdin.end();
  const exit = new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 255));
  });
  try {
    const [stdout, stderr, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exit]);
    return { exit: code, stdout, stderr };
  } catch (error) {
    return result(127, '', `${name}: ${reasonOf(error)}\n`);
  } finally {
    login.signal?.removeEventListener('abort', stop);
  }
}

async function runInside(words: readonly string[], login: Login): Promise<Result | undefined> {
  const settings = readSettings(login.root);
  if (!settings) throw new Error(`no simulated node in ${login.root}`);
  const { root, user } = login;
  return runBuiltin(words, { root, user, env: loginEnv(login) }, settings);
}

/** Runs a program with its arguments. No shell sees them. */
export async function runWords(words: readonly string[], login: Login): Promise<Result> {
  return (await runInside(words, login)) ?? runReal(words, login);
}

/** Runs a command line as the login shell does. Words and blanks alone need none. */
export async function runLine(line: string, login: Login): Promise<Result> {
  const isPlain = /^[\w@%+:,./ -]+$/.test(line);
  const done = isPlain ? await runInside(line.split(' ').filter(Boolean), login) : undefined;
  return done ?? runReal(['/bin/bash', '-c', line], login);
}
