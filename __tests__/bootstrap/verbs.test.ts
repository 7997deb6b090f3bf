import { describe, expect, test } from 'vitest';
import { RELEASES, type SimulatedNode } from '../../simulator/node';
import { aNode, temporaryFolder } from '../support/node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../support/verbs';

const writes = (node: SimulatedNode) => node.pveumRuns().filter((run) => run.writes);
const reads = (node: SimulatedNode) => node.pveumRuns().filter((run) => !run.writes);

describe.each(RELEASES)('on a node of release %s', (release) => {
  test('a fresh cluster takes two connections, four writes and a read', async () => {
    const node = await aNode({ release });
    const operator = anOperator(temporaryFolder());
    const secret = await deploy(settingsFor(node), operator);
    expect(nodeFiles(node).token).toBe(`opentofu@pve!opentofu-token ${secret}\n`);
    expect(node.connections()).toBe(2);
    expect(writes(node).map(({ argv }) => argv.slice(0, 3).join(' '))).toEqual([
      'user add opentofu@pve',
      'role add opentofu-role',
      'acl modify /',
      'user token add',
    ]);
    expect(reads(node)).toHaveLength(1);
  });

  test('a second run takes a connection a verb, writes nothing, and says so', async () => {
    const node = await aNode({ release });
    const settings = settingsFor(node);
    const secret = await deploy(settings, anOperator(temporaryFolder()));
    node.resetLog();
    const again = anOperator(temporaryFolder());
    expect(await deploy(settings, again)).toBe(secret);
    expect(node.connections()).toBe(2);
    expect(writes(node)).toEqual([]);
    expect(reads(node)).toHaveLength(1);
    expect(again.lines.filter((line) => !line.startsWith('ssh: '))).toEqual([
      'access: as wanted, nothing changed',
      'token opentofu@pve!opentofu-token: as wanted, secret kept',
      `token opentofu@pve!opentofu-token: verified at ${node.api.url}`,
    ]);
  });

  test('removal leaves the node as it was', async () => {
    const node = await aNode({ release });
    const before = nodeFiles(node);
    const settings = settingsFor(node);
    await deploy(settings, anOperator(temporaryFolder()));
    await runVerb('revoke', settings, anOperator(temporaryFolder()));
    const after = nodeFiles(node);
    expect(after.user.trim()).toBe(before.user.trim());
    expect(after.token).toBe('');
  });

  test('a changed generation gives a new secret, and the token keeps its rights', async () => {
    const node = await aNode({ release });
    const first = await deploy(
      settingsFor(node, { access: { privilege_separation: true } }),
      anOperator(temporaryFolder()),
    );
    const settings = settingsFor(node, { access: { privilege_separation: true }, generation: '2' });
    const second = await deploy(settings, anOperator(temporaryFolder()));
    expect(second).not.toBe(first);
    expect(nodeFiles(node).token).toBe(`opentofu@pve!opentofu-token ${second}\n`);
  });
});
