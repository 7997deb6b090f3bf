import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandOf } from '../../../bootstrap/node/commands';
import type { Step } from '../../../bootstrap/node/steps';
import { after as nodeAfter } from '../../../bootstrap/plan/after';
import { PaperNode } from './paper-node';
import { dump } from './support';

const userid = fc.constantFrom('jo@pve', 'al@pve');
const identity = fc.constantFrom('jo@pve!ci', 'al@pve!ci');
const role = fc.constantFrom('r1', 'r2');
const path = fc.constantFrom('/', '/vms/100');
const comment = fc.constantFrom('', 'a: 50% [x]', 'Größe');
const privileges = fc.subarray(['VM.Audit', 'VM.Clone']);
const settings = fc.record({ comment, expire: fc.constantFrom(0, 1893456000), privsep: fc.boolean() });
const principal = fc.oneof(
  userid.map((id) => ({ type: 'user' as const, id })),
  identity.map((id) => ({ type: 'token' as const, id })),
);
const is = <V extends Step['verb']>(...verbs: V[]) => fc.constantFrom(...verbs);

const arbStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ verb: is('addUser', 'setUserComment'), userid, comment }),
  fc.record({ verb: is('deleteUser'), userid }),
  fc.record({ verb: is('addRole', 'setRole'), role, privileges }),
  fc.record({ verb: is('deleteRole'), role }),
  fc.record({
    verb: is('grant'),
    path,
    role,
    propagate: fc.boolean(),
    principals: fc.uniqueArray(principal, { minLength: 1, maxLength: 2, selector: ({ id }) => id }),
  }),
  fc.record({ verb: is('revokeGrant'), path, role, principal }),
  fc.record({ verb: is('makeToken', 'renewToken'), identity, settings }),
  fc.tuple(identity, settings).map(([identity, change]): Step => ({ verb: 'setToken', identity, ...change })),
  fc.record({ verb: is('removeToken'), identity }),
);

test("what a plan is said to lead to is what the node's own commands lead to", async () => {
  let played = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(arbStep, { maxLength: 60 }), async (steps) => {
      const node = new PaperNode('9.1').type(
        'user add jo@pve',
        'role add r1',
        'group add ops',
        'user modify jo@pve --groups ops',
      );
      for (const step of steps) {
        const before = node.found;
        // What a node refuses changes nothing there, and is no part of a plan's outcome.
        if ((await node.run(commandOf(step))).exit !== 0) continue;
        played += 1;
        expect(dump(node.found), step.verb).toEqual(dump(nodeAfter(before, [step])));
      }
    }),
  );
  expect(played).toBeGreaterThan(100);
});
