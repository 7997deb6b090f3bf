import { describe, expect, test } from 'vitest';
import { RELEASES } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole, furnish, handMadeToken } from '../../support/on-node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, linesWithout } from '../support';

const operator = () => anOperator(temporaryFolder());
const OURS = ['opentofu@pve', 'opentofu-role'];

describe.each(RELEASES)('what others have on a node of release %s', (release) => {
  test('is the same, byte for byte, through a whole life of an entry', async () => {
    const node = await aNode({ release });
    await furnish(node);
    const before = nodeFiles(node);
    const lines = linesWithout(before.user, ...OURS);
    const secrets = linesWithout(before.token, ...OURS);
    const unchanged = () => {
      expect(linesWithout(nodeFiles(node).user, ...OURS)).toEqual(lines);
      expect(linesWithout(nodeFiles(node).token, ...OURS)).toEqual(secrets);
    };
    await deploy(settingsFor(node), operator());
    unchanged();
    await deploy(settingsFor(node, { access: { privilege_separation: true }, generation: '2' }), operator());
    unchanged();
    await deploy(
      settingsFor(node, { identity: 'opentofu@pve!two', access: { acl: [{ path: '/vms/100', propagate: true }] } }),
      operator(),
    );
    unchanged();
    await runVerb('revoke', settingsFor(node), operator());
    expect(nodeFiles(node)).toEqual(before);
  });
});

describe('a user or role that is shared', () => {
  test('keeps its comment and entries where others made the user, and the user stays', async () => {
    const node = await aNode();
    await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve', '--comment', 'hers: do not touch');
    await atConsole(node, 'pveum', 'acl', 'modify', '/vms', '--users', 'opentofu@pve', '--roles', 'PVEAuditor');
    const before = nodeFiles(node);
    await deploy(settingsFor(node), operator());
    expect(linesWithout(nodeFiles(node).user, 'opentofu-')).toEqual(linesWithout(before.user, 'opentofu-'));
    await runVerb('revoke', settingsFor(node), operator());
    expect(nodeFiles(node)).toEqual(before);
  });

  test('of ours that others use stays at revoke, with what it holds', async () => {
    const node = await aNode();
    await deploy(settingsFor(node), operator());
    await atConsole(node, 'pveum', 'user', 'add', 'jo@pve');
    await atConsole(node, 'pveum', 'acl', 'modify', '/vms', '--users', 'jo@pve', '--roles', 'opentofu-role');
    const role = nodeFiles(node)
      .user.split('\n')
      .find((line) => line.startsWith('role:opentofu-role:'));
    await runVerb('revoke', settingsFor(node), operator());
    const { user, token } = nodeFiles(node);
    expect(user.split('\n')).toContain(role);
    expect(user).toContain('acl:1:/vms:jo@pve:opentofu-role:');
    expect(user).not.toContain('opentofu@pve');
    expect(token).toBe('');
  });

  test('of ours with a token that somebody added by hand stays, and that token goes on working', async () => {
    const node = await aNode();
    await deploy(settingsFor(node), operator());
    const secret = await handMadeToken(node, 'opentofu@pve', 'hers', '--privsep', '0');
    await runVerb('revoke', settingsFor(node), operator());
    expect(await accepts(node, 'opentofu@pve!hers', secret, '/', ['VM.Clone'])).toBe(true);
    expect(nodeFiles(node).user).not.toContain('cdktf-proxmox-tokens');
    expect(nodeFiles(node).token).toBe(`opentofu@pve!hers ${secret}\n`);
  });
});

describe('an entry whose token is called otherwise', () => {
  const OLD = 'opentofu@pve!opentofu-token';

  test.each(['opentofu@pve!new', 'ci@pve!new', 'root@pam!new'])(
    'gets %s, and the older one is dead',
    async (identity) => {
      const node = await aNode();
      const old = await deploy(settingsFor(node), operator());
      const secret = await deploy(settingsFor(node, { identity }), operator());
      expect(await accepts(node, identity, secret)).toBe(true);
      expect(await accepts(node, OLD, old)).toBe(false);
      expect(nodeFiles(node).token).toBe(`${identity} ${secret}\n`);
      if (!identity.startsWith('opentofu@')) expect(nodeFiles(node).user).not.toContain('opentofu@pve');
    },
  );

  test.each([false, true])(
    'keeps a retained one working until it is no longer retained, separation %s',
    async (privilege_separation) => {
      const node = await aNode();
      const access = { privilege_separation };
      const old = await deploy(settingsFor(node, { access }), operator());
      const moved = { identity: 'ci@pve!new', access };
      const secret = await deploy(settingsFor(node, { ...moved, retain: [OLD] }), operator());
      for (const [identity, value] of [
        [OLD, old],
        ['ci@pve!new', secret],
      ] as const) {
        expect(await accepts(node, identity, value, '/', ['VM.Clone'])).toBe(true);
      }
      expect(await deploy(settingsFor(node, moved), operator())).toBe(secret);
      expect(await accepts(node, OLD, old)).toBe(false);
      await runVerb('revoke', settingsFor(node, moved), operator());
      expect(nodeFiles(node).user.trim()).toBe('user:root@pam:1:0:::root@example.invalid:::');
    },
  );

  test('never loses the old token before the new one works: a failed verification leaves both', async () => {
    const node = await aNode();
    const elsewhere = await aNode();
    const old = await deploy(settingsFor(node), operator());
    const settings = settingsFor(node, { identity: 'opentofu@pve!new' });
    const wrong = { ...settings, verify: { endpoint: elsewhere.api.url, insecure: true } };
    await expect(deploy(wrong, operator())).rejects.toThrow('The API does not accept token `opentofu@pve!new`');
    expect(await accepts(node, OLD, old)).toBe(true);
    const secret = await deploy(settings, operator());
    expect(await accepts(node, 'opentofu@pve!new', secret)).toBe(true);
    expect(await accepts(node, OLD, old)).toBe(false);
  });
});
