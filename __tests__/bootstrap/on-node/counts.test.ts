import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { followGuide } from '../../support/on-node';
import { anOperator, deploy, type Entry, runVerb, settingsFor } from '../../support/verbs';

type Verb = Parameters<typeof runVerb>[0];

/** What was on the node before, and the entry that the verbs are then run for. */
interface Situation {
  readonly before?: (node: SimulatedNode) => Promise<unknown>;
  readonly entry?: Entry;
  readonly sudo?: 'pveum';
}

const deployed = (entry: Entry) => (node: SimulatedNode) =>
  deploy(settingsFor(node, entry), anOperator(temporaryFolder()));
const privileges = (...names: string[]): Entry => ({ access: { preset: undefined, privileges: names } });
const adopted = async (node: SimulatedNode) => {
  await followGuide(node);
  await deployed({})(node);
};

const SITUATIONS = {
  fresh: {},
  'fresh, nothing but pveum through sudo': { sudo: 'pveum', entry: { ssh: { user: 'admin' } } },
  'as wanted': { before: deployed({}) },
  rotation: { before: deployed({}), entry: { generation: '2' } },
  'fewer privileges': { before: deployed(privileges('VM.Audit', 'VM.Clone')), entry: privileges('VM.Audit') },
  'a narrower path': { before: deployed({}), entry: { access: { acl: [{ path: '/vms', propagate: true }] } } },
  'another token': { before: deployed({}), entry: { identity: 'opentofu@pve!renamed' } },
  'another token, the older one retained': {
    before: deployed({}),
    entry: { identity: 'opentofu@pve!renamed', retain: ['opentofu@pve!opentofu-token'] },
  },
  'another user': { before: deployed({}), entry: { identity: 'tofu@pve!opentofu-token' } },
  adoption: { before: followGuide },
  adopted: { before: adopted },
  'nothing there': {},
} satisfies Record<string, Situation>;

/**
 * Everything that the node answered, the start of its end too (users and secrets are read from files); of these the calls of `pveum`
 * that changed nothing (a list, or `--regenerate` where the release has none); those that changed something.
 */
type Count = readonly [commands: number, reads: number, writes: number];

/** Exact, so that one call more on a node shows here. Where 8.4 takes others than 9.1, those stand last. */
const COUNTS: readonly (readonly [keyof typeof SITUATIONS, Verb, Count, Count?])[] = [
  ['fresh', 'access', [6, 1, 3]],
  ['fresh', 'token', [4, 0, 1]],
  ['fresh, nothing but pveum through sudo', 'access', [8, 3, 3]],
  ['fresh, nothing but pveum through sudo', 'token', [10, 6, 1]],
  ['as wanted', 'access', [3, 1, 0]],
  ['as wanted', 'token', [5, 0, 0]],
  ['rotation', 'access', [3, 1, 0]],
  ['rotation', 'token', [5, 0, 1], [9, 1, 2]],
  ['fewer privileges', 'access', [5, 1, 2]],
  ['fewer privileges', 'token', [5, 0, 0]],
  ['a narrower path', 'access', [7, 1, 4]],
  ['a narrower path', 'token', [5, 0, 0]],
  ['another token', 'access', [3, 1, 0]],
  ['another token', 'token', [6, 0, 2]],
  ['another token, the older one retained', 'access', [3, 1, 0]],
  ['another token, the older one retained', 'token', [4, 0, 1]],
  ['another user', 'access', [5, 1, 2]],
  ['another user', 'token', [8, 0, 3]],
  ['adoption', 'access', [5, 1, 2]],
  ['adoption', 'token', [7, 1, 1]],
  ['adopted', 'access', [3, 1, 0]],
  ['adopted', 'token', [6, 1, 0]],
  ['as wanted', 'revoke', [7, 0, 3]],
  ['adopted', 'revoke', [5, 0, 2]],
  ['nothing there', 'revoke', [2, 0, 0]],
];

/** A deploy runs `access` and then `token`. */
const EARLIER: Readonly<Record<Verb, readonly Verb[]>> = { access: [], token: ['access'], revoke: [] };

async function count(release: '9.1' | '8.4', situation: Situation, verb: Verb) {
  const { before, entry, sudo = 'all' } = situation;
  const node = await aNode({ release, sudo });
  await before?.(node);
  const settings = settingsFor(node, entry);
  const operator = anOperator(temporaryFolder());
  for (const earlier of EARLIER[verb]) await runVerb(earlier, settings, operator);
  node.resetLog();
  await runVerb(verb, settings, operator);
  const runs = node.pveumRuns();
  const writes = runs.filter((run) => run.writes).length;
  return { connections: node.connections(), counted: [node.commands().length, runs.length - writes, writes] };
}

const ROWS = COUNTS.map(([name, verb, on91, on84 = on91]) => ({ name, verb, on91, on84 }));

describe.each(ROWS)('$name: `$verb` takes one connection, and', ({ name, verb, on91, on84 }) => {
  test.each([
    { release: '9.1', counted: on91 },
    { release: '8.4', counted: on84 },
  ] as const)('on $release $counted commands, reads and writes of pveum', async ({ release, counted }) => {
    expect(await count(release, SITUATIONS[name], verb)).toEqual({ connections: 1, counted });
  });
});
