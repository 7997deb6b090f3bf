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

  test('with privilege separation becomes one without, as the entry says', async () => {
    const node = await aNode({ release });
    const secret = await followGuide(node, '1');
    expect(await accepts(node, IDENTITY, secret)).toBe(false);
    expect(await deploy(settingsFor(node), operator())).toBe(secret);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
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
