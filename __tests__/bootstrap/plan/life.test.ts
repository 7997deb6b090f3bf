import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FoundToken, type NodeFound, withToken } from '../../../bootstrap/node/found';
import { planAccess } from '../../../bootstrap/plan/access';
import { planRelease } from '../../../bootstrap/plan/release';
import type { Step } from '../../../bootstrap/plan/steps';
import { adoptedComment, claimKeeper, decideToken, newTokenSettings } from '../../../bootstrap/plan/token';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { aToken, dump, FRESH, OTHER, OWNER, play } from './support';

/** Cuts a run off after so many changes. */
class Cut extends Error {}

interface Node {
  found: NodeFound;
  /** Changes made so far. */
  changes: number;
}

function apply(node: Node, steps: readonly Step[], budget: number): void {
  for (const step of steps) {
    if (node.changes >= budget) throw new Cut();
    node.found = play(node.found, [step]);
    node.changes += 1;
  }
}

function add(node: Node, token: FoundToken, budget: number): void {
  if (node.changes >= budget) throw new Cut();
  node.found = withToken(node.found, token);
  node.changes += 1;
}

/** Both verbs on a node that can only remove and add, as the program runs them, up to so many changes. */
function deploy(node: Node, wanted: Wanted, keep: readonly string[], budget = Number.POSITIVE_INFINITY): void {
  decideToken(wanted, node.found);
  apply(node, planAccess(wanted, node.found), budget);
  const { identity, userid } = wanted.token;
  const decision = decideToken(wanted, node.found);
  if (decision === 'adopt') {
    apply(node, [{ verb: 'setToken', identity, comment: adoptedComment(wanted, node.found) }], budget);
  } else if (decision !== 'keep') {
    const settings = newTokenSettings(wanted, node.found);
    if (decision === 'rotate') {
      const keeper = claimKeeper(wanted, node.found);
      if (keeper) add(node, { identity: keeper.identity, userid, ...keeper.settings }, budget);
      apply(node, [{ verb: 'removeToken', identity }], budget);
    }
    add(node, { identity, userid, ...settings }, budget);
  }
  apply(node, planAccess(wanted, node.found), budget);
  const release = planRelease(wanted.owner, node.found, [identity, ...keep]);
  apply(node, release, budget);
  if (release.length > 0) apply(node, planAccess(wanted, node.found), budget);
}

function revoke(node: Node, owner = OWNER, budget = Number.POSITIVE_INFINITY): void {
  apply(node, planRelease(owner, node.found, []), budget);
}

const start = (found: NodeFound = FRESH): Node => ({ found, changes: 0 });

/** A node on which other people have been at work: a user, a role, an ACL entry, a token; some under our names. */
const arbForeign = fc.record({
  user: fc.boolean(),
  role: fc.boolean(),
  grant: fc.boolean(),
  token: fc.boolean(),
  stranger: fc.boolean(),
});

function foreignNode(of: {
  user: boolean;
  role: boolean;
  grant: boolean;
  token: boolean;
  stranger: boolean;
}): NodeFound {
  const steps: Step[] = [
    { verb: 'addUser', userid: 'jo@pve', comment: 'made by hand' },
    { verb: 'addRole', role: 'jo-role', privileges: ['VM.Audit'] },
  ];
  if (of.user) steps.push({ verb: 'addUser', userid: 'tofu@pve', comment: 'by hand too' });
  if (of.role) steps.push({ verb: 'addRole', role: 'tofu-role', privileges: ['VM.Allocate', 'VM.Audit'] });
  const give = (role: string, id: string): Step => ({
    verb: 'grant',
    path: '/',
    role,
    propagate: true,
    principals: [{ type: 'user', id }],
  });
  if (of.user && of.role && of.grant) steps.push(give('tofu-role', 'tofu@pve'));
  if (of.role && of.stranger) steps.push(give('tofu-role', 'jo@pve'));
  const node = play(FRESH, steps);
  const token = {
    identity: 'tofu@pve!other',
    userid: 'tofu@pve',
    expire: 7,
    privsep: true,
    comment: 'of another team',
  };
  return of.user && of.token ? withToken(node, token) : node;
}

const arbWanted = fc
  .record({
    identity: fc.constantFrom('tofu@pve!ci', 'tofu@pve!ci2', 'ci@pve!ci', 'root@pam!ci'),
    role: fc.constantFrom('tofu-role', 'tofu-role2'),
    privileges: fc.constantFrom(['VM.Allocate', 'VM.Audit'], ['VM.Audit']),
    acl: fc.constantFrom(
      [{ path: '/', propagate: true }],
      [{ path: '/vms', propagate: false }],
      [
        { path: '/', propagate: true },
        { path: '/pool/lab', propagate: true },
      ],
    ),
    privsep: fc.boolean(),
    expire: fc.constantFrom(0, 1893456000),
    generation: fc.constantFrom('1', '2'),
    comment: fc.constantFrom(undefined, 'CI'),
  })
  .map((over) => {
    // root@pam without privilege separation has no role.
    if (over.identity.startsWith('root@pam') && !over.privsep) {
      const { role: _, privileges: __, ...rest } = aToken({ ...over, acl: [] });
      return rest as Wanted;
    }
    return aToken(over);
  });

describe('the life of one entry, cut off anywhere', () => {
  test('a second run changes nothing', () => {
    fc.assert(
      fc.property(arbForeign, arbWanted, (foreign, wanted) => {
        const node = start(foreignNode(foreign));
        deploy(node, wanted, []);
        const { changes } = node;
        deploy(node, wanted, []);
        expect(node.changes).toBe(changes);
      }),
      { numRuns: 500 },
    );
  });

  test('a second run changes nothing either after the entry was another, and what is retained stays', () => {
    fc.assert(
      fc.property(arbForeign, arbWanted, arbWanted, fc.boolean(), (foreign, older, wanted, retained) => {
        const node = start(foreignNode(foreign));
        deploy(node, older, []);
        const keep = retained ? [older.token.identity] : [];
        deploy(node, wanted, keep);
        const { changes } = node;
        deploy(node, wanted, keep);
        expect(node.changes).toBe(changes);
        expect(node.found.tokens.has(older.token.identity)).toBe(
          retained || older.token.identity === wanted.token.identity,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('whatever changes, removal leaves the node as it was before, cut off at any change or not', () => {
    fc.assert(
      fc.property(arbForeign, fc.array(arbWanted, { minLength: 1, maxLength: 4 }), fc.nat(12), (foreign, life, cut) => {
        const before = foreignNode(foreign);
        const node = start(before);
        for (const wanted of life) {
          try {
            deploy(node, wanted, [], node.changes + cut);
          } catch (error) {
            if (!(error instanceof Cut)) throw error;
            deploy(node, wanted, []);
          }
        }
        try {
          revoke(node, OWNER, node.changes + (cut % 4));
        } catch (error) {
          if (!(error instanceof Cut)) throw error;
          revoke(node);
        }
        expect(withoutRoleRights(node.found)).toEqual(withoutRoleRights(before));
      }),
      { numRuns: 2000 },
    );
  });

  test('what is wanted is there, and entries of others are as they were', () => {
    fc.assert(
      fc.property(arbForeign, fc.array(arbWanted, { minLength: 1, maxLength: 4 }), (foreign, life) => {
        const before = foreignNode(foreign);
        const node = start(before);
        for (const wanted of life) deploy(node, wanted, []);
        const wanted = life.at(-1) as Wanted;
        const token = node.found.tokens.get(wanted.token.identity);
        expect(token).toMatchObject({ expire: wanted.expire, privsep: wanted.privsep });
        for (const { path, propagate } of wanted.acl) {
          const grants = node.found.acl.filter((entry) => entry.path === path && entry.role === wanted.role);
          const principals = grants.filter((entry) => entry.propagate === propagate).map(({ principal }) => principal);
          if (!wanted.token.userid.startsWith('root@')) expect(principals).toContain(wanted.token.userid);
          if (wanted.privsep) expect(principals).toContain(wanted.token.identity);
        }
        expect(node.found.users.get('jo@pve')).toEqual(before.users.get('jo@pve'));
        expect(node.found.tokens.get('tofu@pve!other')).toEqual(before.tokens.get('tofu@pve!other'));
      }),
      { numRuns: 500 },
    );
  });

  test('two environments with one user and role do not take anything from each other, and the last one cleans up', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (privsep, firstOutFirst) => {
        const one = aToken({ identity: 'tofu@pve!one', privsep });
        const two = aToken({ identity: 'tofu@pve!two', owner: OTHER, acl: [{ path: '/vms', propagate: true }] });
        const node = start();
        deploy(node, one, []);
        deploy(node, two, []);
        deploy(node, one, []);
        const [first, last] = firstOutFirst ? [OWNER, OTHER] : [OTHER, OWNER];
        const stays = firstOutFirst ? two : one;
        revoke(node, first);
        const { changes } = node;
        deploy(node, stays, []);
        expect(node.changes, 'the one that stays misses nothing').toBe(changes);
        revoke(node, last);
        expect(dump(node.found)).toEqual(dump(FRESH));
      }),
    );
  });
});

/** Privileges of a role that others made may be changed, as the env file says; everything else must be as before. */
function withoutRoleRights(found: NodeFound): unknown {
  const roles = new Map(
    [...found.roles.values()].map((role) => [role.roleid, { ...role, privileges: new Set<string>() }]),
  );
  return dump({ ...found, roles });
}
