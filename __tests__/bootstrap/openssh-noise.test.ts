import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../contract/refusal';
import { NOISES, type Noise, type SimulatedNode, startNode } from '../../simulator/node';
import { hasShell, hasSshd, type OpenSshServer, SHELLS, type Shell, startOpenSsh } from '../../simulator/openssh';
import { deployInside } from '../support/inside';
import { temporaryFolder } from '../support/node';
import { anOperator, nodeFiles, runVerb, settingsFor } from '../support/verbs';

/** What is not installed is skipped by name; under CI that is a failure. */
const canRun = (shell: Shell) => process.env.CI !== undefined || (hasSshd() && hasShell(shell));

/** `exit 0` ends every shell before our command but fish, some releases of which go on after it. */
const endsOf = (shell: Shell, noise: Noise) =>
  noise !== 'exit' ? ['works'] : shell === 'fish' ? ['works', 'NODE_SILENT'] : ['NODE_SILENT'];

describe.each(SHELLS)('behind a real OpenSSH server, with %s as login shell', (shell) => {
  describe.runIf(canRun(shell)).each(NOISES)('whose startup file makes this noise: %s', (noise) => {
    let node: SimulatedNode;
    let sshd: OpenSshServer;
    beforeAll(async () => {
      const root = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
      node = await startNode({ release: '9.1', root });
      sshd = await startOpenSsh({ release: '9.1', root, shell, noise });
      return () => rmSync(root, { recursive: true, force: true });
    });
    afterAll(async () => {
      await sshd?.close();
      await node?.close();
    });

    test(`every verb ends so: ${endsOf(shell, noise).join(' or ')}; a secret is never replaced`, async () => {
      const { host, port, user, hostKey } = sshd.ssh;
      const ssh = { host, port, user, host_key: hostKey, identity_file: sshd.privateKeyFile, sudo: false };
      const settings = settingsFor(node, { ssh, access: { comment: "it's 100 % für CI" } });
      const fresh = nodeFiles(node).user.trim();
      await deployInside(settings, node);
      const deployed = nodeFiles(node);
      for (const verb of ['access', 'token', 'revoke'] as const) {
        const end = await runVerb(verb, settings, anOperator(temporaryFolder())).then(
          () => 'works',
          (error) => (error instanceof Refusal ? error.code : String(error)),
        );
        expect(endsOf(shell, noise), verb).toContain(end);
        const isGone = verb === 'revoke' && end === 'works';
        const { user, token } = nodeFiles(node);
        expect({ user: user.trim(), token }).toEqual(
          isGone ? { user: fresh, token: '' } : { user: deployed.user.trim(), token: deployed.token },
        );
      }
    });
  });
});
