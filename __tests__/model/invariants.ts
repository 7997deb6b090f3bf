import { expect } from 'vitest';
import { isOf, ledgersOn } from '../../bootstrap/plan/claims';
import { PRESETS } from '../../contract/presets';
import {
  type Entry,
  type EnvironmentName,
  hasRole,
  identityOf,
  leavesAccess,
  nameOf,
  OWNERS,
  type Owner,
  retainedOf,
} from './entries';
import { found, isMarked, markedTokens, recordsOf, rightsOf } from './look';
import { expireOf } from './synthesis';
import type { World } from './world';

/** The output of an environment on that checkout, an `api_token` an entry. */
export function readOutput(world: World, environment: EnvironmentName, checkout: 0 | 1): Record<string, string> {
  const text = world.checkouts[checkout].output(environment);
  const { proxmox } = JSON.parse(text ?? '') as { readonly proxmox: Record<string, { readonly api_token: string }> };
  return Object.fromEntries(Object.entries(proxmox).map(([name, { api_token: token }]) => [name, token]));
}

/** What has to hold of one entry after a good deploy, where nobody has meddled since its verbs ran. */
export function checkEntry(world: World, owner: Owner, entry: Entry, secret: string): void {
  const node = world.nodeOf(owner);
  const name = nameOf(owner);
  const identity = identityOf(owner, entry);
  const rights = rightsOf(node, identity, secret);
  expect(rights, `${name}: the API accepts its token`).toBeDefined();
  for (const path of pathsOf(entry)) {
    const there = Object.keys(rights?.[path] ?? {});
    expect(there, `${name}: its rights on ${path}`).toEqual(expect.arrayContaining([...privilegesOf(world, entry)]));
    expect(there, `${name}: it has rights on ${path}`).not.toEqual([]);
  }
  const token = found(node).tokens.get(identity);
  const said = { expire: expireOf(entry), privsep: entry.separated };
  const settings = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  expect(token, `${name}: settings`).toMatchObject(settings);
  if (entry.comment !== undefined) expect(token?.comment.split(' [cdktf')[0], `${name}: comment`).toBe(entry.comment);
  const ours = markedTokens(node, owner).map((marked) => marked.identity);
  const retained = retainedOf(owner, entry);
  expect([identity, ...retained], `${name}: its tokens`).toEqual(expect.arrayContaining(ours));
  // Older tokens live on what they had, and other entries of a user may on what this one made.
  if (retained.length > 0) return;
  const claims = ledgersOn(found(node))
    .filter(isOf(owner))
    .flatMap(({ claims }) => claims.flatMap((claim) => (claim.kind === 'acl' ? [claim] : [])))
    .filter(({ principal }) => !isSharedUser(world, owner, principal.replace(/!.*/, '')));
  const wanted = hasRole(entry) ? entry.paths.map((path) => `${entry.role} on ${path}`) : [];
  const given = claims.map(({ role, path }) => `${role} on ${path}`);
  expect(wanted, `${name}: what it was given`).toEqual(expect.arrayContaining(given));
}

function isSharedUser(world: World, owner: Owner, user: string): boolean {
  const others = OWNERS.filter((other) => other !== owner && other.node === owner.node);
  return others.some((other) => {
    const { applied, last } = world.bookOf(other);
    return [applied, last, world.entries.get(nameOf(other))].some((entry) => entry?.user === user);
  });
}

/** Where it must have rights: everywhere as `root@pam`, where others look after its user nobody knows. */
function pathsOf(entry: Entry): readonly string[] {
  return leavesAccess(entry) ? [] : hasRole(entry) ? entry.paths : ['/'];
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
    const theirs = [...(world.people[index]?.theirs ?? [])];
    expect(recordsOf(node), `node ${index}: records of others`).toEqual(expect.arrayContaining(theirs));
  });
}

/** Nobody's secret stops to work because of a deploy that had nothing to do with it. */
export function checkOthers(world: World, touched: readonly string[]): void {
  for (const owner of OWNERS) {
    const { applied, secret, live, isTrusted } = world.bookOf(owner);
    if (!isTrusted || !live || applied === undefined || secret === undefined || touched.includes(nameOf(owner)))
      continue;
    const rights = rightsOf(world.nodeOf(owner), identityOf(owner, applied), secret);
    expect(rights, `${nameOf(owner)}: its token is still accepted`).toBeDefined();
    for (const path of pathsOf(applied)) expect(rights?.[path], `${nameOf(owner)}: rights on ${path}`).not.toEqual({});
  }
}

/** Once everything is destroyed: no mark of ours, all that is of others, and nothing that nobody needs. */
export function checkLeft(world: World): void {
  world.nodes.forEach((node, index) => {
    const people = world.people[index];
    if (people === undefined) return;
    const { users, tokens, acl } = found(node);
    const marked = [...users.values()].filter(({ comment }) => isMarked(comment));
    expect([...marked, ...markedTokens(node)], `node ${index}: marks that are left`).toEqual([]);
    // Also by tokens made by hand that an entry took over since: before that, what they lived on was left to them.
    const held = new Set([...tokens.keys(), ...people.handMade.keys()].map((identity) => identity.split('!')[0]));
    const isNeeded = (record: string) => {
      const [kind, name = '', holder = ''] = record.split(':');
      if (kind === 'user') return held.has(name) || acl.some(({ principal }) => principal === name);
      if (kind === 'role') return acl.some(({ role }) => role === name);
      if (kind === 'acl') return held.has(holder);
      return people.handMade.has(name);
    };
    const rest = recordsOf(node).filter((record) => !record.startsWith('user:root@pam:') && !people.theirs.has(record));
    const left = rest.filter((record) => !isNeeded(record));
    if (!people.claimsLost) expect(left, `node ${index}: left behind`).toEqual([]);
  });
}
