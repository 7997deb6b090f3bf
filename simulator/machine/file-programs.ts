/** cat and grep: they see the node's /etc/pve instead of this machine's. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { pveFile } from './node-files';
import { type Execution, type Program, type Result, result } from './program';

const PVE = '/etc/pve';

/** The path below the node's root for what belongs to the node; any other path stays. */
export function mapPath(root: string, path: string): string {
  const plain = posix.normalize(path);
  return plain === PVE || plain.startsWith(`${PVE}/`) ? pveFile(root, plain.slice(PVE.length)) : path;
}

/** Only root reads secrets, and user.cfg belongs to root and the web server. */
const isDenied = (user: string, path: string): boolean =>
  user !== 'root' && /^\/etc\/pve\/(?:priv(?:\/|$)|user\.cfg$|domains\.cfg$)/.test(posix.normalize(path));

const REASONS: Record<string, string> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
};

async function catOne({ root, user, readInput }: Execution, path: string): Promise<Buffer | string> {
  if (path === '-') return readInput();
  if (isDenied(user, path)) return REASONS.EACCES ?? '';
  try {
    return readFileSync(mapPath(root, path));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return REASONS[code] ?? message;
  }
}

export const cat: Program = async (execution) => {
  const paths = execution.argv.filter((arg) => arg !== '--');
  const contents = await Promise.all((paths.length > 0 ? paths : ['-']).map((path) => catOne(execution, path)));
  const good = contents.filter((content) => typeof content !== 'string');
  const complaints = contents.flatMap((content, index) =>
    typeof content === 'string' ? [`cat: ${paths[index]}: ${content}\n`] : [],
  );
  const exit = complaints.length > 0 ? 1 : 0;
  return { exit, stdout: Buffer.concat(good), stderr: Buffer.from(complaints.join('')) };
};

/** Arguments that name files: those behind the pattern, which may be an option's value. */
function patternEnd(argv: readonly string[]): number {
  const isOption = (arg: string) => arg.startsWith('-') && arg !== '-';
  const hasPattern = argv.some((arg) => /^-[A-Za-z]*e$|^-e|^--regexp/.test(arg));
  let index = 0;
  while (index < argv.length && isOption(argv[index] ?? '')) index += /^-[A-Za-z]*e$/.test(argv[index] ?? '') ? 2 : 1;
  return hasPattern ? index : index + 1;
}

export const grep: Program = async (execution): Promise<Result> => {
  const { root, argv, user, readInput } = execution;
  const start = patternEnd(argv);
  const files = argv.slice(start);
  const denied = files.find((path) => isDenied(user, path));
  if (denied !== undefined) return result(2, '', `grep: ${denied}: Permission denied\n`);
  const mapped = [...argv.slice(0, start), ...files.map((path) => mapPath(root, path))];
  const input = files.length === 0 ? await readInput() : undefined;
  return new Promise((resolve) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
    const child = execFile('grep', mapped, { env, encoding: 'buffer' }, (error, stdout, stderr) => {
      const exit = error ? Number(error.code ?? 2) : 0;
      // File names are told as they were given.
      const named = (text: Buffer) => Buffer.from(text.toString('latin1').replaceAll(pveFile(root, ''), PVE), 'latin1');
      resolve({ exit, stdout: files.length > 1 ? named(stdout) : stdout, stderr: named(stderr) });
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
};
