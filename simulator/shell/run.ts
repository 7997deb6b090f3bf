/** What a command line on the node does: in this process if it is simple, else in a real shell. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Result, result } from '../machine/program';
import { readSettings, type Settings } from '../machine/settings';
import { type Request, runBuiltin } from './builtin';
import { parseSimpleCommand } from './parse';
import { binFolder, installShims } from './shims';

export interface ShellRequest {
  readonly root: string;
  readonly user: string;
  /** Variables that the client sent, such as LANG. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Readable;
  readonly signal?: AbortSignal;
}

/** A login's variables; what the client sends wins. */
export function loginEnv(request: ShellRequest): Record<string, string> {
  const home = join(request.root, 'home', request.user);
  const path = `${binFolder(request.root)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const { root, user } = request;
  const own = { PATH: path, HOME: home, USER: user, LOGNAME: user, SHELL: '/bin/bash', LANG: 'C.UTF-8' };
  return { ...own, ...request.env, SIMULATOR_ROOT: root, SIMULATOR_USER: user };
}

async function runReal(line: string, request: ShellRequest): Promise<Result> {
  installShims(request.root);
  const env = loginEnv(request);
  mkdirSync(env.HOME ?? request.root, { recursive: true });
  const child = spawn('/bin/bash', ['-c', line], { env, cwd: env.HOME, stdio: 'pipe', detached: true });
  const stop = () => {
    // The shell's children go with it; it may have ended by itself.
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {}
  };
  request.signal?.addEventListener('abort', stop, { once: true });
  child.stdin.on('error', () => undefined);
  if (request.input) request.input.pipe(child.stdin);
  else child.stdin.end();
  const exit = new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 255));
  });
  const [stdout, stderr, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exit]);
  request.signal?.removeEventListener('abort', stop);
  return { exit: code, stdout, stderr };
}

export async function runLine(line: string, request: ShellRequest): Promise<Result> {
  const settings: Settings | undefined = readSettings(request.root);
  if (!settings) throw new Error(`no simulated node in ${request.root}`);
  if (line.trim() === '') return result(0);
  const simple = parseSimpleCommand(line);
  if (simple) {
    const env = { ...loginEnv(request), ...simple.env };
    const readInput = async () => (request.input ? buffer(request.input) : Buffer.alloc(0));
    const inner: Request = { root: request.root, user: request.user, env, readInput };
    const done = await runBuiltin(simple.words, inner, settings);
    if (done) return done;
  }
  return runReal(line, request);
}
