import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Owner } from '../../../contract/settings';
import type { SimulatedNode } from '../../../simulator/node';
import { factsOf, permissionsOf } from '../../support/facts';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, runVerb, settingsFor } from '../../support/verbs';

const PATHS = ['/', '/vms', '/pool/lab'];
const OWNERS: readonly Owner[] = ['lab/a', 'lab/b', 'lab/c', 'prod/a', 'prod/b'].map((name) => {
  const [environment = '', cluster = ''] = name.split('/');
  return { environment, cluster };
});
const LISTS = { 'shared-role': ['VM.Audit', 'VM.Clone'], 'own-role': ['VM.Audit', 'VM.Console'] };

/** What one entry wants next. */
interface Wanted {
  /** `shared@pve` and its one role, a user of its own, or `root@pam`. */
  readonly user: 'shared' | 'own' | 'root';
  readonly role: keyof typeof LISTS;
  readonly tokenid: string;
  readonly generation: string;
  readonly paths: readonly string[];
  readonly separated: boolean;
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  user: fc.constantFrom('shared', 'shared', 'own', 'root'),
  role: fc.constantFrom('shared-role', 'own-role'),
  tokenid: fc.constantFrom('ci', 'cd'),
  generation: fc.constantFrom('1', '2'),
  paths: fc.subarray(PATHS, { minLength: 1 }),
  separated: fc.boolean(),
});

/** For two to five of the entries what they want next, all at once; nothing: they are removed. */
const round = fc
  .subarray([0, 1, 2, 3, 4], { minLength: 2 })
  .chain((entries) =>
    fc.tuple(...entries.map((entry) => fc.tuple(fc.constant(entry), fc.option(wanted, { freq: 3, nil: undefined })))),
  );

/** What an entry is on the node. */
function namesOf(entry: number, { user, role, tokenid }: Wanted) {
  const userid = user === 'root' ? 'root@pam' : user === 'shared' ? 'shared@pve' : `own-${entry}@pve`;
  const roleid = user === 'own' && role === 'own-role' ? `own-role-${entry}` : 'shared-role';
  const privileges = LISTS[roleid === 'shared-role' ? 'shared-role' : 'own-role'];
  return { userid, roleid, privileges, identity: `${userid}!${tokenid}-${entry}` };
}

function settingsOf(node: SimulatedNode, entry: number, next: Wanted) {
  const { userid, roleid, privileges, identity } = namesOf(entry, next);
  const { generation, paths, separated: privilege_separation } = next;
  const acl = paths.map((path) => ({ path, propagate: true }));
  const root = { role: undefined, preset: undefined, acl: [] };
  const access =
    userid === 'root@pam' ? root : { role: roleid, preset: undefined, privileges, acl, privilege_separation };
  return settingsFor(node, { owner: OWNERS[entry], identity, generation, access });
}

/** The node as these entries make it, one after the other. */
function expected(live: ReadonlyMap<number, Wanted>, secrets: ReadonlyMap<number, string>): string[] {
  const facts = [...live].flatMap(([entry, next]) => {
    const { userid, roleid, privileges, identity } = namesOf(entry, next);
    const isRoot = userid === 'root@pam';
    const separated = !isRoot && next.separated;
    const principals = isRoot ? [] : separated ? [userid, identity] : [userid];
    return [
      `token:${identity}:0:${separated ? 1 : 0}`,
      `secret:${identity} ${secrets.get(entry)}`,
      ...(isRoot ? [] : [`user:${userid}`, `role:${roleid}:${privileges.join(',')}:`]),
      ...next.paths.flatMap((path) => principals.map((id) => `acl:1:${path}:${id}:${roleid}`)),
    ];
  });
  return [...new Set(['user:root@pam', ...facts])].sort();
}

/** The same of the node, without comments. */
const plain = (fact: string) => fact.replace(/^(user:[^:]+).*/, '$1').replace(/^(token:[^:]+:\d+:\d).*/, '$1');

test.each(['8.4', '9.1'] as const)(
  'on release %s, entries that come at once end as if they had come one after the other',
  async (release) => {
    const node = await aNode({ release });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 4 }), async (rounds) => {
        node.resetConfig();
        const operators = OWNERS.map(() => anOperator(temporaryFolder()));
        const live = new Map<number, Wanted>();
        const secrets = new Map<number, string>();
        const play = async (entry: number, next: Wanted | undefined) => {
          const [before, operator] = [live.get(entry), operators[entry] ?? anOperator(temporaryFolder())];
          if (next !== undefined) secrets.set(entry, await deploy(settingsOf(node, entry, next), operator));
          else if (before !== undefined) await runVerb('revoke', settingsOf(node, entry, before), operator);
        };
        for (const steps of [...rounds, OWNERS.map((_, entry) => [entry, undefined] as const)]) {
          await Promise.all(steps.map(([entry, next]) => play(entry, next)));
          for (const [entry, next] of steps) next === undefined ? live.delete(entry) : live.set(entry, next);
          expect(factsOf(node).map(plain).sort()).toEqual(expected(live, secrets));
          for (const [entry, next] of live) {
            const { identity, privileges } = namesOf(entry, next);
            if (!next.separated || next.user === 'root') continue;
            const held = permissionsOf(node, identity, ...PATHS);
            const under = (path: string) => next.paths.includes(path) || next.paths.includes('/');
            for (const path of PATHS) expect(Object.keys(held[path] ?? {})).toEqual(under(path) ? privileges : []);
          }
        }
      }),
      { numRuns: 8 },
    );
  },
  240_000,
);
