import { expect } from 'vitest';
import { PRESETS } from '../../contract/presets';
import {
  type Entry,
  type EnvironmentName,
  hasRole,
  identityOf,
  nameOf,
  OWNERS,
  type Owner,
  retainedOf,
} from './entries';
import { found, isMarked, markedTokens, recordsOf, rightsOf, secretsOf } from './look';
import { expireOf } from './synthesis';
import type { World } from './world';

/** The output of an environment on that checkout, an `api_token` an entry. */
export function readOutput(world: World, environment: EnvironmentName, checkout: 0 | 1): Record<string, string> {
  const text = world.checkouts[checkout].output(environment);
  if (text === undefined) throw new Error(`the output of ${environment} is not there`);
  const { proxmox } = JSON.parse(text) as { readonly proxmox: Record<string, { readonly api_token: string }> };
  return Object.fromEntries(Object.entries(proxmox).map(([name, { api_token: token }]) => [name, token]));
}

/** What has to hold of one entry after a good deploy, where nobody has meddled since its verbs ran. */
export function checkEntry(world: World, owner: Owner, entry: Entry, secret: string): void {
  const node = world.nodeOf(owner);
  const name = nameOf(owner);
  const identity = identityOf(owner, entry);
  const rights = rightsOf(node, identity, secret);
  expect(rights, `${name}: the API accepts its token`).toBeDefined();
  for (const path of hasRole(entry) ? entry.paths : ['/']) {
    const there = rights?.[path] ?? {};
    const wanted = privilegesOf(world, entry);
    expect(Object.keys(there), `${name}: its rights on ${path}`).toEqual(expect.arrayContaining([...wanted]));
    expect(Object.keys(there).length, `${name}: it has rights on ${path}`).toBeGreaterThan(0);
  }
  const token = found(node).tokens.get(identity);
  expect(token, `${name}: settings`).toMatchObject({ expire: expireOf(entry), privsep: entry.separated });
  if (entry.comment !== undefined)
    expect(token?.comment.startsWith(`${entry.comment} [`), `${name}: comment`).toBe(true);
  const allowed = [identity, ...retainedOf(owner, entry)];
  const ours = markedTokens(node, owner).map((marked) => marked.identity);
  expect(
    ours.filter((one) => !allowed.includes(one)),
    `${name}: other tokens of ours`,
  ).toEqual([]);
}

function privilegesOf(world: World, entry: Entry): readonly string[] {
  if (!hasRole(entry) || entry.role === 'PVEAuditor') return [];
  const preset = PRESETS.opentofu;
  if (entry.role === 'preset-role') return preset !== undefined && 'privileges' in preset ? preset.privileges : [];
  return world.privileges[entry.role] ?? [];
}

/** Whatever was done before, and whatever failed: what others made stands as they made it. */
export function checkForeign(world: World): void {
  world.nodes.forEach((node, index) => {
    const there = new Set(recordsOf(node));
    const theirs = world.people[index]?.theirs ?? [];
    expect(
      [...theirs].filter((record) => !there.has(record)),
      `node ${index}: records of others`,
    ).toEqual([]);
  });
}

/** Nobody's secret stops to work because of a deploy that had nothing to do with it. */
export function checkOthers(world: World, touched: ReadonlySet<string>): void {
  for (const owner of OWNERS) {
    const { applied, secret, live, isTrusted } = world.bookOf(owner);
    if (!isTrusted || !live || applied === undefined || secret === undefined || touched.has(nameOf(owner))) continue;
    const rights = rightsOf(world.nodeOf(owner), identityOf(owner, applied), secret);
    expect(rights, `${nameOf(owner)}: its token is still accepted`).toBeDefined();
    for (const path of hasRole(applied) ? applied.paths : ['/']) {
      expect(Object.keys(rights?.[path] ?? {}).length, `${nameOf(owner)}: still has rights on ${path}`).toBeGreaterThan(
        0,
      );
    }
  }
}

/** Once everything is destroyed: no mark of ours, all that is of others, and nothing that nobody needs. */
export function checkLeft(world: World): void {
  world.nodes.forEach((node, index) => {
    const people = world.people[index];
    if (people === undefined) return;
    const { users, tokens, acl } = found(node);
    const marked = [...users.values(), ...tokens.values()].filter(({ comment }) => isMarked(comment));
    expect(marked, `node ${index}: marks that are left`).toEqual([]);
    const held = new Set([...tokens.values()].map(({ userid }) => userid));
    const isNeeded = (record: string) => {
      const [kind, name = '', holder = ''] = record.split(':');
      if (kind === 'user') return held.has(name) || acl.some(({ principal }) => principal === name);
      if (kind === 'role') return acl.some(({ role }) => role === name);
      if (kind === 'acl') return held.has(holder);
      return people.handMade.has(name);
    };
    const rest = recordsOf(node).filter((record) => !record.startsWith('user:root@pam:') && !people.theirs.has(record));
    if (!people.claimsLost)
      expect(
        rest.filter((record) => !isNeeded(record)),
        `node ${index}: left behind`,
      ).toEqual([]);
  });
}

export function handMadeSecrets(world: World): (readonly [number, string, string])[] {
  return world.nodes.flatMap((node, index) => {
    const secrets = secretsOf(node);
    return [...(world.people[index]?.handMade ?? [])]
      .filter(([identity, secret]) => secrets.get(identity) === secret)
      .map(([identity, secret]) => [index, identity, secret] as const);
  });
}
