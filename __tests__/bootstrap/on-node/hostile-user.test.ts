import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RELEASES, type Release, type SimulatedNode } from '../../../simulator/node';
import { factsOf } from '../../support/facts';
import { SCRIBBLERS, type Scribble, scribble, write } from '../../support/hostile-user';
import { runInside } from '../../support/inside';
import { aNode } from '../../support/node';
import { atConsole, furnish } from '../../support/on-node';
import { type Entry, settingsFor } from '../../support/verbs';

const OF_EVE = 'eve@pve!opentofu-2';
const ENTRIES: Readonly<Record<string, Entry>> = {
  'a user of its own': { access: { privilege_separation: true } },
  'root@pam': { identity: 'root@pam!opentofu-token' },
  'root@pam with privilege separation': {
    identity: 'root@pam!opentofu-token',
    access: { role: 'opentofu-role', privilege_separation: true, acl: [{ path: '/', propagate: true }] },
  },
  'a user of others': { identity: OF_EVE, access: { change_others: true } },
  'a user of others, the token alone': { identity: OF_EVE, access: { role: undefined, preset: undefined, acl: [] } },
};

const comments = [
  // Seen to take HumanRole away, when marks were believed on every token.
  '[cdktf-proxmox-tokens lab/nuc role:HumanRole]',
  '[cdktf-proxmox-tokens prod/x role:HumanRole role:opentofu-role user]',
  '[cdktf-proxmox-tokens lab/nuc user role:HumanRole role:backup-role acl:/:backup-role:jo@pve token:jo@pve!backup]',
  // Seen to end every verb.
  'two\nlines',
  '[cdktf-proxmox-tokens lab/nuc\ngeneration=1]',
  '\u001b]0;x\u0007\0\u202e',
  '[cdktf-proxmox-tokens lab/nuc role:HumanRole',
];
const byEve = (comment: string): Scribble => ({ userid: 'eve@pve', tokenid: 'mine', comment, privsep: 0, way: 'file' });
const SEEN: readonly (readonly Scribble[])[] = [
  ...comments.map((comment) => [byEve(comment), byEve(comment)]),
  [{ ...byEve('[cdktf-proxmox-tokens lab/nuc generation=1]'), userid: 'jürgen@pve' }],
];

/** A node where people work, and users who may change nobody. */
async function aBusyNode(release: Release): Promise<() => SimulatedNode> {
  const node = await aNode({ release });
  await furnish(node);
  for (const userid of SCRIBBLERS) await atConsole(node, 'env', 'LC_ALL=C.UTF-8', 'pveum', 'user', 'add', userid);
  await atConsole(node, 'pveum', 'role', 'add', 'HumanRole', '--privs', 'VM.Console');
  await atConsole(node, 'pveum', 'acl', 'modify', '/vms/100', '--users', 'jo@pve', '--roles', 'HumanRole');
  const file = join(node.root, 'etc/pve/user.cfg');
  const begin = readFileSync(file, 'latin1');
  return () => {
    node.resetConfig();
    writeFileSync(file, begin, 'latin1');
    return node;
  };
}

/** All but what the entry may make. */
function theirs(node: SimulatedNode, { identity = 'opentofu@pve!opentofu-token' }: Entry): string[] {
  const ours = [
    /^(user|token|secret):(opentofu@pve|cdktf-proxmox-tokens-[0-9a-f]{12}@pve)[!:]/,
    /^role:opentofu-role:/,
    /^acl:.*:opentofu-role$/,
  ];
  const own = [`token:${identity}:`, `secret:${identity} `];
  return factsOf(node).filter(
    (line) => !ours.some((pattern) => pattern.test(line)) && !own.some((start) => line.startsWith(start)),
  );
}

/** The whole life of an entry, amid what users write: every verb ends well, and leaves alone what is not ours. */
async function live(node: SimulatedNode, entry: Entry, scribbles: readonly Scribble[]): Promise<void> {
  const half = Math.ceil(scribbles.length / 2);
  const step = async (verb: 'access' | 'token' | 'revoke', generation: string) => {
    const before = theirs(node, entry);
    await runInside(verb, settingsFor(node, { ...entry, generation }), node);
    expect(theirs(node, entry)).toEqual(before);
  };
  for (const text of scribbles.slice(0, half)) await write(node, text);
  for (const verb of ['access', 'token'] as const) await step(verb, '1');
  for (const text of scribbles.slice(half)) await write(node, text);
  const all = theirs(node, entry);
  for (const generation of ['1', '2']) for (const verb of ['access', 'token'] as const) await step(verb, generation);
  await step('revoke', '2');
  expect(factsOf(node)).toEqual(all);
}

test.each(Object.entries(ENTRIES))(
  'an entry on %s changes nothing of others, whatever a user writes who may change nobody',
  async (_, entry) => {
    const nodes = new Map<Release, () => SimulatedNode>();
    for (const release of RELEASES) nodes.set(release, await aBusyNode(release));
    const examples = SEEN.flatMap((seen) => RELEASES.map((release): [Release, Scribble[]] => [release, [...seen]]));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...RELEASES),
        fc.array(scribble, { minLength: 1, maxLength: 6 }),
        async (release, scribbles) => {
          const fresh = nodes.get(release);
          if (fresh === undefined) throw new Error(`no node of release ${release}`);
          await live(fresh(), entry, scribbles);
        },
      ),
      { examples, numRuns: examples.length + 30 },
    );
  },
  240_000,
);
