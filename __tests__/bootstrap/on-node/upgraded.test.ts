import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const operator = () => anOperator(temporaryFolder());

/** A node of release 9 whose role still names VM.Monitor: what an upgrade from 8 leaves until the node's next write. */
async function anUpgradedNode(release: '9.0' | '9.1') {
  const node = await aNode({ release });
  const secret = await deploy(settingsFor(node), operator());
  const file = join(node.root, 'etc/pve/user.cfg');
  const text = readFileSync(file, 'utf8').replace(/VM\.GuestAgent\.Audit/, 'VM.Monitor');
  writeFileSync(file, text);
  return { node, secret };
}

describe.each(['9.0', '9.1'] as const)('a node that was upgraded to %s', (release) => {
  test('gives the secret again although its role names a privilege that is gone', async () => {
    const { node, secret } = await anUpgradedNode(release);
    const settings = settingsFor(node, { retain: ['opentofu@pve!older'] });
    const again = operator();
    await runVerb('token', settings, again);
    expect(readFileSync(join(again.project, settings.handoff), 'utf8')).toBe(secret);
    expect(await accepts(node, IDENTITY, secret)).toBe(true);
  });

  test('rotates the secret, and the role becomes what the preset means now', async () => {
    const { node } = await anUpgradedNode(release);
    const secret = await deploy(settingsFor(node, { generation: '2' }), operator());
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.GuestAgent.Audit'])).toBe(true);
    expect(nodeFiles(node).user).not.toContain('VM.Monitor');
  });
});
