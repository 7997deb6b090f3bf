import { describe, expect, test } from 'vitest';
import { RELEASES } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole, followGuide, handMadeToken } from '../../support/on-node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, refusalOf } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const operator = () => anOperator(temporaryFolder());

describe.each(RELEASES)('a token that was made by hand, on release %s', (release) => {
  test('is adopted: the same secret, now with what the entry wants, and a mark', async () => {
    const node = await aNode({ release });
    const secret = await followGuide(node);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(false);
    expect(await deploy(settingsFor(node), operator())).toBe(secret);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
    node.resetLog();
    expect(await deploy(settingsFor(node), operator())).toBe(secret);
    expect(node.pveumRuns().filter((run) => run.writes)).toEqual([]);
  });

  test('is left as it was when its entry goes: the same secret, no mark', async () => {
    const node = await aNode({ release });
    const secret = await followGuide(node);
    await atConsole(node, 'pveum', 'role', 'modify', 'opentofu-role', '--privs', 'VM.Audit');
    const settings = settingsFor(node, { access: { preset: undefined, privileges: ['VM.Audit'] } });
    const before = nodeFiles(node);
    await deploy(settings, operator());
    await runVerb('revoke', settings, operator());
    expect(nodeFiles(node).user).not.toContain('cdktf-proxmox-tokens');
    expect(nodeFiles(node).token).toBe(before.token);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Audit'])).toBe(true);
    // What stands in the place of "no comment" is blank, and gone with the node's next write.
    await atConsole(node, 'pveum', 'user', 'modify', 'root@pam', '--enable', '1');
    expect(nodeFiles(node).user).toBe(before.user);
  });

  test('is given a new secret under on_existing = "rotate", and keeps its rights', async () => {
    const node = await aNode({ release });
    const old = await followGuide(node);
    const secret = await deploy(settingsFor(node, { on_existing: 'rotate' }), operator());
    expect(secret).not.toBe(old);
    expect(await accepts(node, IDENTITY, old)).toBe(false);
    expect(await deploy(settingsFor(node, { on_existing: 'rotate' }), operator())).toBe(secret);
  });

  test('is refused under on_existing = "fail", by both verbs, before anything is written', async () => {
    const node = await aNode({ release });
    await followGuide(node);
    const before = nodeFiles(node);
    const settings = settingsFor(node, { on_existing: 'fail' });
    for (const verb of ['access', 'token'] as const) {
      expect((await refusalOf(runVerb(verb, settings, operator()))).code).toBe('TOKEN_EXISTS');
    }
    expect(nodeFiles(node)).toEqual(before);
  });

  test.each([
    [undefined, '1'],
    [true, '1'],
    [false, '0'],
  ])('with privilege separation keeps it, unless the entry says no: %s', async (privilege_separation, then) => {
    const node = await aNode({ release });
    const secret = await followGuide(node, '1');
    expect(await accepts(node, IDENTITY, secret)).toBe(false);
    expect(await deploy(settingsFor(node, { access: { privilege_separation } }), operator())).toBe(secret);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
    expect(nodeFiles(node).user).toContain(`token:${IDENTITY}:0:${then}:`);
  });

  test('of root@pam, as the first guide makes it, is adopted with nothing but a mark', async () => {
    const node = await aNode({ release });
    const secret = await handMadeToken(node, 'root@pam', 'opentofu-token', '--privsep', '0');
    const settings = settingsFor(node, { identity: 'root@pam!opentofu-token' });
    expect(await deploy(settings, operator())).toBe(secret);
    expect(
      node
        .pveumRuns()
        .filter((run) => run.writes)
        .slice(1),
    ).toHaveLength(1);
  });
});

test('a secret is read from its own line, also where another token’s ends the same', async () => {
  const node = await aNode();
  for (const userid of ['x-opentofu@pve', 'opentofu@pve']) {
    await atConsole(node, 'pveum', 'user', 'add', userid);
    await handMadeToken(node, userid, 'ci');
    await handMadeToken(node, userid, 'ci-2');
  }
  const alone = { role: undefined, preset: undefined, acl: [] };
  const secret = await deploy(settingsFor(node, { identity: 'opentofu@pve!ci', access: alone }), operator());
  expect(nodeFiles(node).token.split('\n')).toContain(`opentofu@pve!ci ${secret}`);
});

test('a deploy that would hide what a group gives is refused, with who loses what, before the first write', async () => {
  const node = await aNode();
  await atConsole(node, 'pveum', 'group', 'add', 'ops');
  await atConsole(node, 'pveum', 'user', 'add', 'jo@pve', '--groups', 'ops');
  await atConsole(node, 'pveum', 'role', 'add', 'ops-role', '--privs', 'VM.Backup');
  await atConsole(node, 'pveum', 'acl', 'modify', '/vms', '--groups', 'ops', '--roles', 'ops-role');
  for (const tokenid of ['ci', 'backup']) await handMadeToken(node, 'jo@pve', tokenid, '--privsep', '0');
  const before = nodeFiles(node);
  const access = { preset: undefined, privileges: ['VM.Audit'], acl: [{ path: '/vms', propagate: true }] };
  const settings = settingsFor(node, { identity: 'jo@pve!ci', access });
  for (const verb of ['access', 'token'] as const) {
    expect((await refusalOf(runVerb(verb, settings, operator()))).message).toMatchInlineSnapshot(`
      "This deploy would change what others may do: jo@pve loses VM.Backup on /vms and below; jo@pve!backup loses VM.Backup on /vms and below; jo@pve!backup gains VM.Audit on /vms and below; jo@pve!ci loses VM.Backup on /vms and below.
        why: Nothing was changed. A user's tokens share its rights, and on one path a user's own ACL entries hide those of its groups.
        fix: Take a user and a role of its own for this token, or \`manage_access = false\` to leave user, role and ACL as they are. If the change is meant, set \`change_others = true\` in \`bootstrap\`."
    `);
  }
  expect(nodeFiles(node)).toEqual(before);
});

describe('a token of another entry', () => {
  test('is refused until it is released by hand, as the message says', async () => {
    const node = await aNode({ release: '8.4' });
    const secret = await deploy(settingsFor(node), operator());
    const settings = settingsFor(node, { owner: { environment: 'prod', cluster: 'nuc' } });
    const { code, fix } = await refusalOf(runVerb('access', settings, operator()));
    expect(code).toBe('TOKEN_OF_ANOTHER');
    const [, line = ''] = /run `(.*)` on the node/.exec(fix) ?? [];
    const words = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
    await atConsole(node, ...words);
    expect(await deploy(settings, operator())).toBe(secret);
  });
});
