import { describe, expect, test } from 'vitest';
import { RELEASES, type Release } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, type Entry, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { refusalOf } from '../support';

const NOON = 1_700_000_000;
const atNoon = () => {
  const clock = { now: () => NOON * 1000, sleep: async () => undefined };
  return anOperator(temporaryFolder(), { clock });
};

/** What both verbs say on a fresh node, which has to stay fresh. */
async function refused(release: Release, entry: Entry) {
  const node = await aNode({ release });
  const before = nodeFiles(node);
  const messages = [];
  for (const verb of ['access', 'token'] as const) {
    messages.push((await refusalOf(runVerb(verb, settingsFor(node, entry), atNoon()))).message);
  }
  expect(nodeFiles(node)).toEqual(before);
  expect(messages[1]).toBe(messages[0]);
  return messages[0];
}

describe('both verbs refuse before anything is made', () => {
  test('a new token that is expired already', async () => {
    expect(await refused('9.1', { access: { expire: NOON - 1 } })).toMatchInlineSnapshot(`
      "Token \`opentofu@pve!opentofu-token\` would expire before it is made: \`expire\` is 2023-11-14T22:13:19.000Z.
        why: Nothing was changed. Nobody could use its secret.
        fix: Set \`expire\` to a later date, or to 0 for never."
    `);
  });

  test('a path of a later release', async () => {
    const access = { acl: [{ path: '/mapping/pci/gpu', propagate: true }] };
    expect(await refused('7.4', { access })).toMatchInlineSnapshot(`
      "The node's release has no ACL path \`/mapping/pci/gpu\`.
        why: Nothing was changed. Resource mappings came with Proxmox VE 8.
        fix: Take the path out of \`acl\`, or upgrade the node."
    `);
  });

  test('a privilege of an earlier release', async () => {
    const access = { preset: undefined, privileges: ['VM.Audit', 'VM.Monitor'] };
    expect(await refused('9.0', { access })).toMatchInlineSnapshot(`
      "The node does not know the privilege VM.Monitor.
        why: Nothing was changed. The node refuses a role with a privilege that its release does not have.
        fix: Proxmox VE 9 has no VM.Monitor: take it out of \`privileges\` (VM.GuestAgent.Audit stands for its guest agent part), or use a preset, which knows the releases."
    `);
  });

  test('a built-in role that is not there', async () => {
    expect(await refused('9.1', { access: { role: 'PVENothing', preset: undefined } })).toMatchInlineSnapshot(`
      "The node has no built-in role \`PVENothing\`.
        why: Nothing was changed. Roles that Proxmox VE makes itself cannot be added.
        fix: Choose a role of this release (\`pveum role list\`), or a role name of your own with \`privileges\`."
    `);
  });

  test('a user of others that is not there', async () => {
    const access = { role: undefined, preset: undefined, acl: [] };
    expect(await refused('9.1', { access })).toMatchInlineSnapshot(`
      "The node has no user \`opentofu@pve\`.
        why: Nothing was changed. The entry says \`manage_access = false\`: user, role and ACL are left to others.
        fix: Make the user first, or take \`manage_access = false\` out and name a \`role\`: the user is then made."
    `);
  });
});

test.each(RELEASES)('on %s, a token of ours may be given a date that is past: it is dead then', async (release) => {
  const node = await aNode({ release });
  await deploy(settingsFor(node), atNoon());
  await runVerb('access', settingsFor(node, { access: { expire: NOON - 1 } }), atNoon());
  expect(nodeFiles(node).user).toContain(`:${NOON - 1}:0:`);
});
