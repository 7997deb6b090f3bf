import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Connection } from '../../bootstrap/ssh';

/** Writes down how many words it was given and each of them with a NUL behind it, then answers by its first words. */
const RECORDER = `#!/bin/sh
printf '%s\\0' "$(($# + 1))" "\${0##*/}" "$@" >> "$RECORDS"
case "\${0##*/} $1 $2" in
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

/** A login whose commands a real shell runs, on a machine where the node's programs only write down how they were called. */
export function aRecorder(folder: string, shell: string, answers: Answers): Recorder {
  const [bin, home, records] = [join(folder, 'bin'), join(folder, 'home'), join(folder, 'records')];
  for (const path of [bin, home]) mkdirSync(path, { recursive: true });
  for (const name of ['pveum', 'cat', 'grep']) {
    writeFileSync(join(bin, name), RECORDER);
    chmodSync(join(bin, name), 0o755);
  }
  const told = { ANSWER_FILE: answers.file, ANSWER_ROLES: answers.roles, ANSWER_TOKEN: answers.token };
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: home, RECORDS: records, ...told };
  const run = (command: string) =>
    new Promise<Answer>((resolve) => {
      execFile(shell, ['-c', command], { env, cwd: home }, (error, stdout, stderr) => {
        resolve({ exit: error === null ? 0 : Number(error.code ?? 255), stdout, stderr });
      });
    });
  return {
    connection: { user: 'root', run, close: async () => undefined },
    take: () => {
      const fields = existsSync(records) ? readFileSync(records, 'utf8').split('\0').slice(0, -1) : [];
      rmSync(records, { force: true });
      const calls: string[][] = [];
      while (fields.length > 0) calls.push(fields.splice(0, Number(fields.shift())));
      return calls;
    },
    strays: () => readdirSync(home),
  };
}
