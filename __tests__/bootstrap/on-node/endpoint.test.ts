import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VerifySettings } from '../../../contract/settings';
import { aServer } from '../../support/https';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { refusalOf } from '../support';

const VERBS = ['access', 'token'] as const;
const NEVER = { endpoint: 'https://127.0.0.1:1', insecure: true };

/** What both verbs say where a deployed entry with a changed generation is to be verified there. The node is not even reached. */
async function refusedAt(verify: VerifySettings) {
  const node = await aNode();
  await deploy(settingsFor(node), anOperator(temporaryFolder()));
  const before = nodeFiles(node);
  node.resetLog();
  const settings = { ...settingsFor(node, { generation: '2' }), verify };
  const refusals = [];
  for (const verb of VERBS) {
    const operator = anOperator(temporaryFolder());
    refusals.push(await refusalOf(runVerb(verb, settings, operator)));
    expect([operator.lines, node.connections()]).toEqual([[], 0]);
  }
  expect(nodeFiles(node)).toEqual(before);
  expect(refusals[1]?.message).toBe(refusals[0]?.message);
  const message = refusals[0]?.message
    .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT')
    .replace(/until .* SHA-256 [0-9A-F:]{95}\./, 'until DATE, SHA-256 FINGERPRINT.');
  return { code: refusals[0]?.code, message };
}

describe('an endpoint that is not the API is refused by both verbs before the node is reached', () => {
  test.each([
    [200, '<!DOCTYPE html><title>Proxmox Virtual Environment</title>'],
    [403, 'Forbidden'],
    [502, '<html><h1>502 Bad Gateway</h1></html>'],
  ])('an answer of status %i, %s', async (status, body) => {
    const tokens = new Set<unknown>();
    const endpoint = await aServer((request, response) => {
      tokens.add(request.headers.authorization);
      response.writeHead(status).end(body);
    });
    const { code, message } = await refusedAt({ endpoint, insecure: true });
    expect([code, message]).toEqual(['API_UNREACHABLE', expect.stringContaining(`got status ${status}, not 401.\n`)]);
    expect([...tokens]).toEqual([undefined]);
  });

  test('nobody there', async () => {
    expect((await refusedAt(NEVER)).message).toMatchInlineSnapshot(`
      "https://127.0.0.1:PORT does not answer as the API of Proxmox VE: ECONNREFUSED.
        why: Nothing was changed. The token is verified as its consumer will use it, so \`endpoint\` has to be reachable from this machine.
        fix: Correct \`endpoint\` (the API listens on port 8006), open the way to it, or set \`verify = false\` in \`bootstrap\`; then deploy again."
    `);
  });

  test('a certificate that is not trusted', async () => {
    const endpoint = await aServer((_, response) => response.writeHead(401).end());
    expect((await refusedAt({ endpoint, insecure: false })).message).toMatchInlineSnapshot(`
      "The certificate of https://127.0.0.1:PORT is not trusted: no CA that this machine trusts signed it (UNABLE_TO_VERIFY_LEAF_SIGNATURE).
        why: Nothing was changed. It is for localhost, 127.0.0.1, signed by Simulated Proxmox VE CA, until DATE, SHA-256 FINGERPRINT. The consumer would refuse it too: the entry says \`insecure = false\`.
        fix: Set \`ca_file\` to the cluster's CA (/etc/pve/pve-root-ca.pem), give the node a certificate that this machine trusts, or set \`insecure = true\`."
    `);
  });

  test('no file with the certificates', async () => {
    const verify = { ...NEVER, insecure: false, ca_file: 'not-here.pem' };
    expect((await refusedAt(verify)).message).toMatchInlineSnapshot(`
      "\`ca_file\` not-here.pem cannot be read: ENOENT.
        why: Nothing was changed. The verification trusts these certificates.
        fix: Correct the path (relative to the project's folder), then deploy again."
    `);
  });
});

test('the API of another cluster, where the token is not known, is refused after the fact, and the secret is kept', async () => {
  const [node, other] = [await aNode(), await aNode()];
  const secret = await deploy(settingsFor(node), anOperator(temporaryFolder()));
  const before = nodeFiles(node);
  const operator = anOperator(temporaryFolder());
  const settings = { ...settingsFor(node), verify: { endpoint: other.api.url, insecure: true } };
  expect((await refusalOf(runVerb('token', settings, operator))).message).toMatchInlineSnapshot(`
    "The API does not accept token \`opentofu@pve!opentofu-token\`: 401 no such user ('opentofu@pve').
      why: The node made or kept this token, so either it is expired, its user is disabled, or \`endpoint\` is another cluster.
      fix: Check \`expire\`, the user on the node, and that \`endpoint\` and \`ssh.host\` are the same cluster; then deploy again."
  `);
  expect(existsSync(join(operator.project, settings.handoff))).toBe(false);
  expect(nodeFiles(node)).toEqual(before);
  expect(await deploy(settingsFor(node), operator)).toBe(secret);
});
