import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Connection, RemoteProcess } from '../../bootstrap/ssh';

/** Writes down how many words it was given and each of them with a NUL behind it, then answers by its first words. */
const RECORDER = `#!/bin/sh
printf '%s\\0' "$(($# + 1))" "\${0##*/}" "$@" >> "$RECORDS"
case "\${0##*/} $1 $2" in
  'sudo -n '*) shift; exec "$@" ;;
  'pveum role list') printf '%s' "$ANSWER_ROLES" ;;
  'pveum user token') printf '%s' "$ANSWER_TOKEN" ;;
  'cat /etc'*) printf '%s' "$ANSWER_FILE" ;;
esac
`;

export interface Answers {
  readonly file: string;
  readonly roles: string;
  readonly token: string;
}

export interface Recorder {
  readonly connection: Connection;
  /** The words of every program that was started, its name first, in order; forgets them. */
  take(): readonly (readonly string[])[];
  /** What stands in the folder that the shell runs in: nothing, unless something else was executed. */
  strays(): readonly string[];
}

/** A login whose command a real shell and a real perl run, on a machine where the node's programs only write down how they were called. */
export function aRecorder(folder: string, shell: string, answers: Answers, user = 'root'): Recorder {
  const [bin, home, records] = [join(folder, 'bin'), join(folder, 'home'), join(folder, 'records')];
  for (const path of [bin, home]) mkdirSync(path, { recursive: true });
  for (const name of ['pveum', 'cat', 'grep', 'sudo']) {
    writeFileSync(join(bin, name), RECORDER);
    chmodSync(join(bin, name), 0o755);
  }
  const told = { ANSWER_FILE: answers.file, ANSWER_ROLES: answers.roles, ANSWER_TOKEN: answers.token };
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: home, RECORDS: records, ...told };
  const start = async (command: string): Promise<RemoteProcess> => {
    // Nodes of tests share no lock with this machine.
    const line = command.replace('/run/lock/', `${folder}/`);
    const child = spawn(shell, ['-c', line], { env, cwd: home, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.on('data', (piece: Buffer) => {
      stderr += piece;
    });
    return {
      write: (bytes) => child.stdin.write(bytes),
      onOutput: (listener) => child.stdout.on('data', listener).on('close', () => listener(undefined)),
      stderr: () => stderr,
      ended: new Promise((resolve) => child.on('close', (code) => resolve(code ?? undefined))),
      kill: () => child.kill('SIGKILL'),
    };
  };
  return {
    connection: { user, place: 'the recorder', start, close: async () => undefined },
    take: () => {
      const fields = existsSync(records) ? readFileSync(records, 'utf8').split('\0').slice(0, -1) : [];
      rmSync(records, { force: true });
      const calls: string[][] = [];
      while (fields.length > 0) calls.push(fields.splice(0, Number(fields.shift())));
      return calls;
    },
    // A shell keeps its own things there, with a dot before their names.
    strays: () => readdirSync(home).filter((name) => !name.startsWith('.')),
  };
}
