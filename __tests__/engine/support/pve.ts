import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedNode } from '../../../simulator/node';

/** The secrets that a node knows, by token identity. */
export function secretsOn({ root }: SimulatedNode): Map<string, string> {
  const lines = readPve(root, 'priv/token.cfg').split('\n');
  return new Map(lines.flatMap((line) => (line === '' ? [] : [splitOnce(line)])));
}

/** What a node holds, as it stands in its files. */
export function configOn({ root }: SimulatedNode): string {
  return `${readPve(root, 'user.cfg').trim()}\n${readPve(root, 'priv/token.cfg').trim()}`;
}

/** A file below `/etc/pve` of a node. */
export function readPve(root: string, name: string): string {
  const file = join(root, 'etc/pve', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function splitOnce(line: string): [string, string] {
  const blank = line.indexOf(' ');
  return [line.slice(0, blank), line.slice(blank + 1)];
}
