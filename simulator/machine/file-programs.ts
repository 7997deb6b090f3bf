/** `cat FILE` and `grep -F -e PATTERN FILE` on the node's /etc/pve; any other form is left to this machine's programs. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { pveFile } from './node-files';
import { type Program, type Result, result } from './program';
import { reasonOf } from './reasons';

const PVE = '/etc/pve/';

/** The node's file, or why the program cannot read it: secrets are root's, user.cfg is root's and the web server's. */
function read(root: string, user: string, path: string): Buffer | string {
  const plain = posix.normalize(path);
  if (user !== 'root' && /^\/etc\/pve\/(?:priv(?:\/|$)|user\.cfg$)/.test(plain)) return 'Permission denied';
  try {
    return readFileSync(pveFile(root, plain.slice(PVE.length)));
  } catch (error) {
    return reasonOf(error);
  }
}

const isOnNode = (path: string | undefined): path is string => path?.startsWith(PVE) ?? false;

export const cat: Program = async ({ root, user, argv: [path, ...more] }) => {
  if (!isOnNode(path) || more.length > 0) return undefined;
  const content = read(root, user, path);
  if (typeof content === 'string') return result(1, '', `cat: ${path}: ${content}\n`);
  return { ...result(0), stdout: content };
};

function linesWith(content: Buffer, pattern: string): Result {
  const wanted = Buffer.from(pattern).toString('latin1');
  const lines = content.toString('latin1').match(/.+\n?|\n/g) ?? [];
  const found = lines.filter((line) => line.includes(wanted)).map((line) => (line.endsWith('\n') ? line : `${line}\n`));
  return { ...result(found.length > 0 ? 0 : 1), stdout: Buffer.from(found.join(''), 'latin1') };
}

export const grep: Program = async ({ root, user, argv: [fixed, option, pattern, path, ...more] }) => {
  if (fixed !== '-F' || option !== '-e' || pattern === undefined || !isOnNode(path) || more.length > 0)
    return undefined;
  const content = read(root, user, path);
  return typeof content === 'string' ? result(2, '', `grep: ${path}: ${content}\n`) : linesWith(content, pattern);
};
