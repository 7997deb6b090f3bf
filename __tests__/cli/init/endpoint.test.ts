import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Desk } from '../support';
import { aNamedNode, aPerson, at, BY_DEFAULT, envOf, init, type Typed } from './support';

describe('the certificate of the endpoint', () => {
  const piped = async (...options: string[]) => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    writeFileSync(desk.path('ours.pem'), readFileSync(node.api.caFile));
    const ran = await init(desk, node, [...at(node), '--host-key', node.ssh.hostKey, ...options]);
    return { ...ran, desk, node };
  };

  test('that is not trusted is refused in a pipe, with the options to choose from', async () => {
    const { exit, stderr, desk } = await piped();
    expect(exit).toBe(1);
    const told = stderr.slice(stderr.indexOf('The certificate'));
    expect(told.replace(/until .* SHA-256 [0-9A-F:]{95}\./, 'until DATE, SHA-256 FINGERPRINT.')).toMatchInlineSnapshot(`
      "The certificate of https://pve1.example.net:8006 is not trusted: no CA that this machine trusts signed it (UNABLE_TO_VERIFY_LEAF_SIGNATURE).
        why: Nothing was changed. It is for localhost, 127.0.0.1, signed by Simulated Proxmox VE CA, until 2027, SHA-256 FINGERPRINT. The consumer would refuse it too: the entry says \`insecure = false\`.
        fix: Add \`--fetch-ca\`: the cluster's own CA, fetched over SSH, signed it. Or name a CA with \`--ca FILE\`, or give up checking with \`--insecure\`."
    `);
    expect(existsSync(desk.path('env'))).toBe(false);
  });

  test('is checked with the CA file that is named', async () => {
    const { exit, desk } = await piped('--ca', 'ours.pem');
    expect(exit).toBe(0);
    expect(envOf(desk)).toContain('ca_file = "ours.pem"');
    expect(existsSync(desk.path('env/ca'))).toBe(false);
  });

  test('is not checked where an option says so', async () => {
    const { exit, desk } = await piped('--insecure');
    expect(exit).toBe(0);
    expect(envOf(desk)).toContain('insecure     = true');
  });

  test('that another CA signed is never fetched around', async () => {
    const [desk, node, other] = [new Desk(), await aNamedNode(), await aNamedNode()];
    writeFileSync(`${node.root}/etc/pve/pve-root-ca.pem`, readFileSync(other.api.caFile));
    const { exit, stderr } = await init(desk, node, [...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca']);
    expect(exit).toBe(1);
    expect(stderr).toContain('Name the CA that signed it with `--ca FILE`');
    expect(existsSync(desk.path('env'))).toBe(false);
  });

  test('is left unchecked only by a person who says so, and the default is no', async () => {
    const answers = (insecure: string): Typed => [
      ['Is it the same?', 'y'],
      ['Trust it for this endpoint', 'n'],
      ['Go on without checking', insecure],
      ...BY_DEFAULT.slice(2),
    ];
    const [desk, node] = [new Desk(), await aNamedNode()];
    expect((await init(desk, node, at(node), aPerson(answers('')))).exit).toBe(1);
    expect(existsSync(desk.path('env'))).toBe(false);
    expect((await init(desk, node, at(node), aPerson(answers('y')))).exit).toBe(0);
    expect(envOf(desk)).toContain('insecure     = true');
  });

  test('under an address where nothing answers, another address is asked for; a pipe is refused', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    const nowhere = ['127.0.0.1', ...at(node).slice(1, -1), 'https://127.0.0.1:1'];
    const typed: Typed = [
      ['Is it the same?', 'y'],
      ['Another address', 'http://x'],
      ['Another address', node.api.url],
      ...BY_DEFAULT.slice(1),
    ];
    const terminal = await init(desk, node, nowhere, aPerson(typed));
    expect(terminal.stderr).toContain('https://127.0.0.1:1 does not answer as the API of Proxmox VE: ECONNREFUSED.');
    expect(terminal.stderr).toContain('http://x is not of the form https://NAME:8006');
    expect(terminal.exit).toBe(0);
    const pipe = await init(new Desk(), node, [...nowhere, '--host-key', node.ssh.hostKey]);
    expect(pipe.exit).toBe(1);
    expect(pipe.stderr).toContain('`--endpoint https://NAME:8006`');
  });
});
