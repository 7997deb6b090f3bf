import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, stateOf } from './bench';
import type { Reference } from './reference';
import { handoffFolder } from './start';
import { lacking, rightsOf } from './tokens';

/**
 * What must hold at every moment, whatever goes wrong: a token that stays never stops working, the one that is replaced
 * works until the new one's secret is handed off, and what is handed off nobody else can read.
 */
export function brokenNow({ operation, kept, outgoing }: Reference, bench: Bench, known: string | undefined): string[] {
  const { release, wanted } = operation;
  const files = stateOf(bench);
  const works = (identity: string, secret: string) => rightsOf(files, release, identity, secret) !== undefined;
  const broken = kept.flatMap(({ identity, secret, rights }) => {
    const now = rightsOf(files, release, identity, secret);
    if (now === undefined) return [`${identity} stopped working`];
    const lost = lacking(rights, now);
    return lost.length === 0 ? [] : [`${identity} lacked ${lost.slice(0, 3).join(', ')}`];
  });
  const dead = outgoing.filter(({ identity, secret }) => !works(identity, secret));
  const next = wanted?.identity ?? 'opentofu@pve!opentofu-token';
  const handedOff = [...handoffs(bench), ...(known === undefined ? [] : [known])].some((secret) => works(next, secret));
  return [
    ...broken,
    ...(handedOff ? [] : dead.map(({ identity }) => `${identity} died before another secret was handed off`)),
    ...openToOthers(bench),
  ];
}

function handoffs(bench: Bench): string[] {
  const folder = handoffFolder(bench);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  // Under its passing name too: the secret is on the disk then.
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

function openToOthers(bench: Bench): string[] {
  const folder = handoffFolder(bench);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder);
  const isOpen = (path: string) => (statSync(path).mode & 0o077) !== 0;
  // While it is made, before it holds anything, the folder may have whatever mode the umask gives it.
  const open = [...(files.length === 0 ? [] : [folder]), ...files.map((name) => join(folder, name))].filter(isOpen);
  return open.length === 0 ? [] : ['a hand-off can be read by others'];
}
