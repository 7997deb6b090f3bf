import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole } from '../../support/on-node';
import { anOperator, deploy, type Entry, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, refusalOf } from '../support';

const list = (...privileges: string[]) => ({ preset: undefined, privileges });
const NUC: Entry = { access: list('VM.Audit', 'VM.Clone') };
const other = (...privileges: string[]): Entry => ({
  owner: { environment: 'prod', cluster: 'rack' },
  identity: 'rack@pve!ci',
  access: list(...privileges),
});
const operator = () => anOperator(temporaryFolder());
const give = (node: SimulatedNode, entry: Entry) => deploy(settingsFor(node, entry), operator());
const roleOf = (node: SimulatedNode) => /^role:opentofu-role:.*$/m.exec(nodeFiles(node).user)?.[0];

describe('a role that two entries name', () => {
  test('with the same list is shared, and goes with the last of them', async () => {
    const node = await aNode();
    await give(node, NUC);
    const secret = await give(node, other('VM.Clone', 'VM.Audit'));
    await runVerb('revoke', settingsFor(node, NUC), operator());
    expect(await accepts(node, 'rack@pve!ci', secret, '/', ['VM.Audit', 'VM.Clone'])).toBe(true);
    await runVerb('revoke', settingsFor(node, other()), operator());
    expect(roleOf(node)).toBeUndefined();
  });

  test('with different lists is refused, and nothing is changed', async () => {
    const node = await aNode();
    await give(node, NUC);
    const before = nodeFiles(node);
    const verbs = ['access', 'token'] as const;
    const settings = settingsFor(node, other('VM.Audit', 'VM.Console'));
    const [access, token] = await Promise.all(verbs.map((verb) => refusalOf(runVerb(verb, settings, operator()))));
    expect(access?.message).toMatchInlineSnapshot(`
      "Role \`opentofu-role\` is also the role of entry \`nuc\` of environment \`lab\`, with other privileges.
        why: Nothing was changed. There is one role of a name on a node. This entry would change it: +VM.Console -VM.Clone.
        fix: Give both entries the same list, or this one a role name of its own. To change the list of both, deploy one of them with \`change_others = true\`, then the other."
    `);
    expect(token?.message).toBe(access?.message);
    expect(nodeFiles(node)).toEqual(before);
  });

  test('is changed for both where one says so, and then the other', async () => {
    const node = await aNode();
    const secret = await give(node, NUC);
    const next = list('VM.Audit', 'VM.Console');
    await give(node, { ...other(), access: { ...next, change_others: true } });
    expect(roleOf(node)).toBe('role:opentofu-role:VM.Audit,VM.Console:');
    expect(await give(node, { access: next })).toBe(secret);
    expect(await accepts(node, 'opentofu@pve!opentofu-token', secret, '/', ['VM.Console'])).toBe(true);
  });
});

test('an administrator’s own grant of a role of ours stays where the entry takes another role', async () => {
  const node = await aNode();
  await give(node, NUC);
  await atConsole(node, 'pveum', 'user', 'add', 'jo@pve');
  await atConsole(node, 'pveum', 'acl', 'modify', '/vms', '--users', 'jo@pve', '--roles', 'opentofu-role');
  const role = roleOf(node);
  await give(node, { access: { ...NUC.access, role: 'next-role' } });
  expect(nodeFiles(node).user).toContain('acl:1:/vms:jo@pve:opentofu-role:');
  expect(roleOf(node)).toBe(role);
});
