import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RELEASES } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole, furnish } from '../../support/on-node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, linesWithout, refusalOf } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const operator = () => anOperator(temporaryFolder());

describe.each(RELEASES)('on release %s', (release) => {
  test('what a node says beside a success is no failure', async () => {
    const node = await aNode({ release, faults: { localeWarnings: true } });
    await furnish(node);
    const secret = await deploy(settingsFor(node), operator());
    expect(await deploy(settingsFor(node), operator())).toBe(secret);
    const next = await deploy(settingsFor(node, { generation: '2' }), operator());
    expect(await accepts(node, IDENTITY, next, '/', ['VM.Clone'])).toBe(true);
  });

  test('what a node says beside a failure is told without the noise being taken for another failure', async () => {
    const node = await aNode({ release, faults: { localeWarnings: true, diskFull: true } });
    const { code, what } = await refusalOf(runVerb('access', settingsFor(node), operator()));
    expect([code, what]).toEqual(['COMMAND_FAILED', expect.stringContaining('No space left on device')]);
  });

  test('a lock that somebody holds for a while is waited for', async () => {
    const node = await aNode({ release, lock: { timeoutMs: 20 } });
    const unlock = node.faults.holdLock();
    let pauses = 0;
    const clock = {
      now: () => 0,
      sleep: async () => {
        pauses += 1;
        if (pauses === 2) unlock();
      },
    };
    const reader = anOperator(temporaryFolder(), { clock });
    const secret = await deploy(settingsFor(node), reader);
    expect(pauses).toBe(2);
    expect(reader.lines.filter((line) => line.includes('locked: waiting'))).toHaveLength(2);
    expect(await accepts(node, IDENTITY, secret)).toBe(true);
  });

  test('a lock that nobody lets go of is refused after the time that the entry gives it', async () => {
    const node = await aNode({ release, lock: { timeoutMs: 20 } });
    const before = nodeFiles(node);
    const unlock = node.faults.holdLock();
    const settings = settingsFor(node, { ssh: { timeouts: { connect: 20, command: 60, lock: 3 } } });
    expect((await refusalOf(runVerb('access', settings, operator()))).code).toBe('NODE_LOCKED');
    unlock();
    expect(nodeFiles(node)).toEqual(before);
    await deploy(settings, operator());
  });

  test('a full disk of the node is told as the node tells it, and the next run goes on', async () => {
    const node = await aNode({ release });
    const settings = settingsFor(node);
    await runVerb('access', settings, operator());
    const before = nodeFiles(node);
    node.faults.diskFull = true;
    const reader = operator();
    const { code, what } = await refusalOf(runVerb('token', settings, reader));
    expect([code, what]).toEqual(['COMMAND_FAILED', expect.stringContaining('No space left on device')]);
    expect(nodeFiles(node)).toEqual(before);
    node.faults.diskFull = false;
    expect(await accepts(node, IDENTITY, await deploy(settings, reader))).toBe(true);
  });
});

describe('a token that cannot be verified', () => {
  test('is not handed off, and stays on the node for the next run', async () => {
    const [node, other] = [await aNode(), await aNode()];
    const settings = settingsFor(node);
    const wrong = { ...settings, verify: { endpoint: other.api.url, insecure: true } };
    const reader = operator();
    await runVerb('access', settings, reader);
    const refusal = await refusalOf(runVerb('token', wrong, reader));
    expect(refusal.code).toBe('TOKEN_REFUSED');
    expect(refusal.message).toContain(`done before this: token ${IDENTITY}: made`);
    expect(() => readFileSync(join(reader.project, settings.handoff))).toThrow('ENOENT');
    const [, made] = nodeFiles(node).token.trim().split(' ');
    expect(await deploy(settings, reader)).toBe(made);
  });

  test('for want of its CA file is not handed off, and the next run goes on', async () => {
    const node = await aNode();
    const settings = settingsFor(node);
    const wrong = { ...settings, verify: { endpoint: node.api.url, insecure: false, ca_file: 'not-here.pem' } };
    const refusal = await refusalOf(deploy(wrong, operator()));
    expect([refusal.code, refusal.what]).toEqual(['CA_UNREADABLE', '`ca_file` not-here.pem cannot be read: ENOENT.']);
    await deploy(settings, operator());
  });

  test('because an entry of others takes its rights away on a path is told which', async () => {
    const node = await aNode();
    const settings = settingsFor(node, { access: { acl: [{ path: '/vms', propagate: true }] } });
    await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve');
    await atConsole(node, 'pveum', 'acl', 'modify', '/vms', '--users', 'opentofu@pve', '--roles', 'NoAccess');
    const refusal = await refusalOf(deploy(settings, operator()));
    expect(refusal.code).toBe('PRIVILEGES_MISSING');
    expect(refusal.what).toMatch(/ on \/vms\.$/);
  });
});

describe('once the engine is gone', () => {
  test.each([
    ['a fresh deploy', '9.1', '1'],
    ['a rotation', '9.1', '2'],
    ['a rotation', '8.4', '2'],
  ] as const)(
    '%s on %s begins nothing, ends what it has begun, and the next run goes on',
    async (_, release, generation) => {
      const node = await aNode({ release });
      const start = async () => {
        node.resetConfig();
        await furnish(node);
        if (generation === '2') await deploy(settingsFor(node, { access: { privilege_separation: true } }), operator());
        node.resetLog();
      };
      const settings = settingsFor(node, { generation, access: { privilege_separation: true } });
      await start();
      let calls = 0;
      await deploy(settings, anOperator(temporaryFolder(), { isOrphan: () => ++calls < 0 }));
      const whole = nodeFiles(node);
      expect(calls).toBeGreaterThan(0);
      for (let alive = 0; alive < calls; alive++) {
        await start();
        let asked = 0;
        const orphan = anOperator(temporaryFolder(), { isOrphan: () => ++asked > alive });
        expect((await refusalOf(deploy(settings, orphan))).code).toBe('ORPHANED');
        if (alive === 0) expect(node.pveumRuns().filter((run) => run.writes)).toEqual([]);
        const secret = await deploy(settings, operator());
        expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
        expect(nodeFiles(node).user).toBe(whole.user);
        expect(linesWithout(nodeFiles(node).token, 'jo@pve', 'root@pam')).toEqual([`${IDENTITY} ${secret}`, '']);
      }
    },
  );
});
