import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { missingPrivileges, verifyToken } from '../../bootstrap/verify';
import { certificates } from '../../simulator/api/certificates';
import { aNode, temporaryFolder } from '../support/node';
import { anOperator, deploy, settingsFor } from '../support/verbs';
import { refusalOf } from './support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const EXPECTED = { identity: IDENTITY, paths: ['/'] };

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An HTTPS server that is no node, with a certificate of an authority of its own. */
async function aServer(handler: RequestListener) {
  const { caFile, cert, key } = await certificates(temporaryFolder());
  const server = createServer({ cert, key }, handler);
  const port = await listen(server);
  onTestFinished(() => server.closeAllConnections());
  return { endpoint: `https://127.0.0.1:${port}`, port, ca: readFileSync(caFile, 'utf8') };
}

const replies = (status: number, body: string, reason = 'Reason') =>
  aServer((_, response) => response.writeHead(status, reason).end(body));

describe('what a token lacks', () => {
  const held = { '/': { 'VM.Audit': 1, 'VM.Clone': 0 }, '/vms': {} };

  test.each([
    [['/'], ['VM.Audit', 'VM.Clone'], []],
    [['/'], undefined, []],
    [['/'], ['VM.Audit', 'Sys.Audit', 'SDN.Use'], ['Sys.Audit, SDN.Use on /']],
    [['/', '/vms'], ['VM.Audit'], ['VM.Audit on /vms']],
    [['/vms'], undefined, ['every privilege on /vms']],
    [['/pool/x'], undefined, ['every privilege on /pool/x']],
    [['/pool/x'], [], ['every privilege on /pool/x']],
    [[], ['VM.Audit'], []],
  ])('on %j of %j is %j: the value is only whether it propagates', (paths, privileges, missing) => {
    expect(missingPrivileges(held, { identity: IDENTITY, paths, ...(privileges ? { privileges } : {}) })).toEqual(
      missing,
    );
  });
});

describe('on a node', () => {
  async function aDeployedNode() {
    const node = await aNode();
    const secret = await deploy(settingsFor(node, { verify: false }), anOperator(temporaryFolder()));
    const ca = readFileSync(node.api.caFile, 'utf8');
    return { node, secret, ca, settings: { endpoint: node.api.url, insecure: false } };
  }

  test('a good token passes, with its authority, or without looking at the certificate', async () => {
    const { settings, ca, secret } = await aDeployedNode();
    await verifyToken(settings, ca, secret, EXPECTED);
    await verifyToken({ ...settings, insecure: true }, undefined, secret, EXPECTED);
    await verifyToken({ ...settings, endpoint: `${settings.endpoint}/` }, ca, secret, EXPECTED);
  });

  test('another secret is refused, whole message', async () => {
    const { settings, ca } = await aDeployedNode();
    const refusal = await refusalOf(verifyToken(settings, ca, crypto.randomUUID(), EXPECTED));
    expect(refusal.message).toBe(
      [
        `The API does not accept token \`${IDENTITY}\`: 401 invalid token value!.`,
        '  why: The node made or kept this token, so either it is expired, its user is disabled, or `endpoint` is another cluster.',
        '  fix: Check `expire`, the user on the node, and that `endpoint` and `ssh.host` are the same cluster; then deploy again.',
      ].join('\n'),
    );
  });

  test('a missing privilege is refused, whole message', async () => {
    const { settings, ca, secret } = await aDeployedNode();
    const expected = { identity: IDENTITY, paths: ['/', '/vms'], privileges: ['VM.Audit', 'Sys.Modify'] };
    expect((await refusalOf(verifyToken(settings, ca, secret, expected))).message).toBe(
      [
        `Token \`${IDENTITY}\` works but lacks Sys.Modify on /; Sys.Modify on /vms.`,
        '  why: Another ACL entry of the same user, token or one of its groups on that path replaces ours there.',
        '  fix: Look at `pveum acl list` on the node, or choose other `acl` paths; then deploy again.',
      ].join('\n'),
    );
  });

  test('its own certificate is refused where nothing says to trust it, with both ways out', async () => {
    const { settings, secret } = await aDeployedNode();
    const refusal = await refusalOf(verifyToken(settings, undefined, secret, EXPECTED));
    expect(refusal.code).toBe('API_UNTRUSTED');
    expect(refusal.what).toMatch(/^The certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted: [A-Z_]+\.$/);
    expect(refusal.fix).toContain('`ca_file`');
    expect(refusal.fix).toContain('`insecure = true`');
  });

  test('a certificate of another host is refused', async () => {
    const { settings, secret, ca } = await aDeployedNode();
    const endpoint = settings.endpoint.replace('127.0.0.1', '127.0.0.2');
    const { code, what } = await refusalOf(verifyToken({ ...settings, endpoint }, ca, secret, EXPECTED));
    // Where a system has one loopback address, nobody answers at the other.
    expect(['API_UNTRUSTED', 'API_UNREACHABLE']).toContain(code);
    if (code === 'API_UNTRUSTED') expect(what).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('the authority of another cluster is refused', async () => {
    const { settings, secret } = await aDeployedNode();
    const { caFile } = await certificates(join(temporaryFolder(), 'other'));
    const refusal = await refusalOf(verifyToken(settings, readFileSync(caFile, 'utf8'), secret, EXPECTED));
    expect(refusal.code).toBe('API_UNTRUSTED');
  });
});

describe('what is no node', () => {
  const ask = ({ endpoint, ca }: { endpoint: string; ca: string }, seconds?: number) =>
    refusalOf(verifyToken({ endpoint, insecure: false }, ca, crypto.randomUUID(), EXPECTED, seconds));

  test.each([
    [200, '<html>welcome</html>'],
    [200, ''],
    [200, 'null'],
    [200, '{"data":null}'],
    [200, '{"data":"x"}'],
    [404, 'not here'],
    [502, 'bad gateway'],
    [301, ''],
  ])('answers %i %j and is refused', async (status, body) => {
    const server = await replies(status, body);
    expect((await ask(server)).what).toBe(
      `The API at ${server.endpoint} does not answer: it is no Proxmox VE API (status ${status}).`,
    );
  });

  test.each([401, 403])(
    'a %i is told with its reason, without control characters and anything like a secret',
    async (status) => {
      const secret = crypto.randomUUID();
      const port = await listenRaw(`HTTP/1.1 ${status} no \u001b[2J${secret}\r\ncontent-length: 0\r\n\r\n`);
      const refusal = await ask(port);
      expect(refusal.code).toBe('TOKEN_REFUSED');
      expect(refusal.message).not.toContain(secret);
      expect(refusal.message).not.toContain('\u001b');
    },
  );

  test('a server that does not answer is given up after a time, and the message says so', async () => {
    const server = await aServer(() => undefined);
    expect((await ask(server, 0.05)).what).toBe(
      `The API at ${server.endpoint} does not answer: no whole answer came within 0.05 s.`,
    );
  });

  test('a server that never ends its answer is given up as well', async () => {
    const server = await aServer((_, response) => response.writeHead(200).write('{"data":'));
    expect((await ask(server, 0.2)).what).toContain('no whole answer came within 0.2 s');
  });

  test('a server that says too much is given up', async () => {
    const server = await aServer((_, response) => response.writeHead(200).end('x'.repeat(5 * 1024 * 1024)));
    expect((await ask(server)).what).toContain('ANSWER_TOO_LARGE');
  });

  test('a server that hangs up is told', async () => {
    const server = await aServer((request) => request.socket.destroy());
    expect((await ask(server)).what).toMatch(/does not answer: ECONNRESET\.$/);
  });

  test('nobody listening is told', async () => {
    const { port, ca } = await replies(200, '');
    const closed = createPlainServer();
    const free = await listen(closed);
    closed.close();
    expect(port).not.toBe(free);
    expect((await ask({ endpoint: `https://127.0.0.1:${free}`, ca })).what).toMatch(/ECONNREFUSED\.$/);
  });

  test('HTTP where HTTPS is expected is told, and never sees the token', async () => {
    const seen: string[] = [];
    const plain = createPlainServer((request, response) => {
      seen.push(JSON.stringify(request.headers));
      response.end();
    });
    const endpoint = `https://127.0.0.1:${await listen(plain)}`;
    expect((await ask({ endpoint, ca: '' })).code).toBe('API_UNREACHABLE');
    expect(seen).toEqual([]);
  });

  test('a redirect is not followed: the token goes to the endpoint alone', async () => {
    const seen: string[] = [];
    const other = await aServer((request, response) => {
      seen.push(request.url ?? '');
      response.end();
    });
    const server = await aServer((_, response) => response.writeHead(302, { location: `${other.endpoint}/x` }).end());
    expect((await ask(server)).code).toBe('API_UNREACHABLE');
    expect(seen).toEqual([]);
  });
});

/** An HTTPS server that sends these very bytes. */
async function listenRaw(bytes: string): Promise<{ endpoint: string; ca: string }> {
  const server = await aServer((request) => {
    request.socket.end(bytes);
  });
  return server;
}
