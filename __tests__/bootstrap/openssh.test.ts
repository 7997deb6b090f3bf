import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SimulatedNode, startNode } from '../../simulator/node';
import { hasSshd, type OpenSshServer, startOpenSsh } from '../../simulator/openssh';
import { temporaryFolder } from '../support/node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../support/verbs';

/** Without the server these tests are skipped by name; under CI that is a failure. */
const there = hasSshd() || process.env.CI !== undefined;

// A node that gives a token a new secret in place, and one that can only remove and add.
describe.runIf(there).each([
  ['9.1', 'root'],
  ['8.4', 'root'],
  ['9.1', 'admin'],
] as const)('behind a real OpenSSH server, on release %s as %s', (release, as) => {
  let node: SimulatedNode;
  let sshd: OpenSshServer;
  beforeAll(async () => {
    const root = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
    node = await startNode({ release, root });
    sshd = await startOpenSsh({ release, root, as, sudo: 'documented' });
    return () => rmSync(root, { recursive: true, force: true });
  });
  afterAll(async () => {
    await sshd?.close();
    await node?.close();
  });

  const settings = (generation: string) => {
    const { host, port, user, hostKey } = sshd.ssh;
    // Whoever runs the server is that user to the simulated node.
    const login = { host, port, user, host_key: hostKey, identity_file: sshd.privateKeyFile };
    const access = { privilege_separation: true, comment: "it's 100 % für CI" };
    return settingsFor(node, { generation, ssh: { ...login, sudo: as !== 'root' }, access });
  };

  test('a token is made, kept, rotated and revoked', async () => {
    const before = nodeFiles(node);
    const secret = await deploy(settings('1'), anOperator(temporaryFolder()));
    expect(await deploy(settings('1'), anOperator(temporaryFolder()))).toBe(secret);
    expect(await deploy(settings('2'), anOperator(temporaryFolder()))).not.toBe(secret);
    await runVerb('revoke', settings('2'), anOperator(temporaryFolder()));
    expect(nodeFiles(node).user.trim()).toBe(before.user.trim());
    expect(nodeFiles(node).token).toBe('');
  }, 120_000);
});
