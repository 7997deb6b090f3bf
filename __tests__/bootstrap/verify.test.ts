import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Api, missingPrivileges, reachApi, verifyToken } from '../../bootstrap/verify';
import { certificates } from '../../simulator/api/certificates';
import { aNode, temporaryFolder } from '../support/node';
import { atConsole, followGuide } from '../support/on-node';
import { refusalOf } from './support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const EXPECTED = { identity: IDENTITY, paths: ['/'] };

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An authority of its own, and a certificate by it. */
function anAuthority() {
  const root = temporaryFolder();
  mkdirSync(join(root, 'etc/pve'), { recursive: true });
  return certificates(root);
}

/** An HTTPS server that is no node. */
async function aServer(handler: RequestListener): Promise<Api> {
  const { caFile, cert, key } = await anAuthority();
  const server = createServer({ cert, key }, handler);
  const port = await listen(server);
  onTestFinished(() => server.closeAllConnections());
  return { endpoint: `https://127.0.0.1:${port}`, insecure: false, ca: readFileSync(caFile, 'utf8') };
}

const replies = (status: number, body: string) =>
  aServer((_, response) => response.writeHead(status, 'Reason').end(body));

/** Both ways to ask: without a token, and with one. */
const asked = (api: Api, seconds?: number) => [
  () => reachApi(api),
  () => verifyToken(api, crypto.randomUUID(), EXPECTED, seconds),
];
const because = async (api: Api, act: () => Promise<void>) =>
  (await refusalOf(act)).what.replace(api.endpoint, 'ENDPOINT');

test.each([
  [['/'], ['VM.Audit', 'VM.Clone'], []],
  [['/'], undefined, []],
  [['/'], ['VM.Audit', 'Sys.Audit', 'SDN.Use'], ['Sys.Audit, SDN.Use on /']],
  [['/', '/vms'], ['VM.Audit'], ['VM.Audit on /vms']],
  [['/vms'], undefined, ['every privilege on /vms']],
  [['/pool/x'], [], ['every privilege on /pool/x']],
  [[], ['VM.Audit'], []],
])('on %j of %j a token lacks %j: the value is only whether it propagates', (paths, privileges, missing) => {
  const held = { '/': { 'VM.Audit': 1, 'VM.Clone': 0 }, '/vms': {} };
  expect(missingPrivileges(held, { identity: IDENTITY, paths, privileges })).toEqual(missing);
});

describe('on a node', () => {
  async function aNodeWithToken() {
    const node = await aNode();
    const secret = await followGuide(node);
    const api: Api = { endpoint: node.api.url, insecure: false, ca: readFileSync(node.api.caFile, 'utf8') };
    return { node, secret, api };
  }

  test('the API is reached and a good token passes, with the authority, or without looking at the certificate', async () => {
    const { api, secret } = await aNodeWithToken();
    for (const way of [api, { ...api, insecure: true, ca: undefined }, { ...api, endpoint: `${api.endpoint}/` }]) {
      await reachApi(way);
      await verifyToken(way, secret, EXPECTED);
    }
  });

  test('another secret is refused', async () => {
    const { api } = await aNodeWithToken();
    await expect(verifyToken(api, crypto.randomUUID(), EXPECTED)).rejects.toThrow('401 invalid token value!');
  });

  test('a missing privilege is refused, also on a path without an ACL entry of its own', async () => {
    const { node, api, secret } = await aNodeWithToken();
    const expected = { identity: IDENTITY, paths: ['/', '/pool/lab'], privileges: ['VM.Audit', 'Sys.Modify'] };
    await expect(verifyToken(api, secret, expected)).rejects.toThrow(
      'works but lacks Sys.Modify on /; Sys.Modify on /pool/lab.',
    );
    await verifyToken(api, secret, { ...expected, privileges: ['VM.Audit'] });
    await atConsole(node, 'pveum', 'acl', 'modify', '/pool/lab', '--users', 'opentofu@pve', '--roles', 'NoAccess');
    const { what } = await refusalOf(verifyToken(api, secret, { ...expected, privileges: ['VM.Audit'] }));
    expect(what).toMatch(/lacks VM.Audit on \/pool\/lab\.$/);
  });

  test('its own certificate is refused where nothing says to trust it, with both ways out', async () => {
    const { api, secret } = await aNodeWithToken();
    for (const act of [
      () => reachApi({ ...api, ca: undefined }),
      () => verifyToken({ ...api, ca: undefined }, secret, EXPECTED),
    ]) {
      const { code, fix } = await refusalOf(act);
      expect([code, fix]).toEqual(['API_UNTRUSTED', expect.stringMatching(/`ca_file`.*`insecure = true`/)]);
    }
  });

  test('a certificate of another host is refused', async () => {
    const { api } = await aNodeWithToken();
    const endpoint = api.endpoint.replace('127.0.0.1', '127.0.0.2');
    const { code, what } = await refusalOf(reachApi({ ...api, endpoint }));
    // Where a system has one loopback address, nobody answers at the other.
    expect(['API_UNTRUSTED', 'API_UNREACHABLE']).toContain(code);
    if (code === 'API_UNTRUSTED') expect(what).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('the authority of another cluster is refused', async () => {
    const { api } = await aNodeWithToken();
    const { caFile } = await anAuthority();
    expect((await refusalOf(reachApi({ ...api, ca: readFileSync(caFile, 'utf8') }))).code).toBe('API_UNTRUSTED');
  });
});

describe('what is no node', () => {
  test.each([
    [200, '<html>welcome</html>'],
    [200, ''],
    [200, 'null'],
    [200, '{"data":null}'],
    [200, '{"data":"x"}'],
    [200, '{"data":[null,{"realm":"x"}]}'],
    [404, 'not here'],
    [502, 'bad gateway'],
    [301, ''],
  ])('answers %i %j and is refused, with a token and before one is sent', async (status, body) => {
    const api = await replies(status, body);
    const [reach, verify] = asked(api) as [() => Promise<void>, () => Promise<void>];
    const start = 'ENDPOINT does not answer as the API of Proxmox VE:';
    expect(await because(api, reach)).toBe(`${start} a request without login got status ${status}, not 401.`);
    // A whole list of realms is no permissions, but an object of it would be.
    if (!body.includes('realm')) {
      expect(await because(api, verify)).toBe(`${start} the token's request got status ${status} and no permissions.`);
    }
  });

  test('is taken for one where it refuses to show permissions without login', async () => {
    await reachApi(await replies(401, ''));
  });

  test.each([401, 403])(
    'a %i is told with its reason, without control characters and anything like a secret',
    async (status) => {
      const secret = crypto.randomUUID();
      const raw = `HTTP/1.1 ${status} no \u001b[2J${secret}\r\ncontent-length: 0\r\n\r\n`;
      const api = await aServer((request) => void request.socket.end(raw));
      const { code, message } = await refusalOf(verifyToken(api, crypto.randomUUID(), EXPECTED));
      expect(code).toBe('TOKEN_REFUSED');
      expect(message).toContain(`${status} no ?[2J********`);
    },
  );

  test.each<[string, RequestListener, string]>([
    ['does not answer', () => undefined, 'no whole answer came within 0.2 s'],
    [
      'never ends its answer',
      (_, response) => response.writeHead(200).write('{"data":'),
      'no whole answer came within 0.2 s',
    ],
    ['says too much', (_, response) => response.writeHead(200).end('x'.repeat(5 * 1024 * 1024)), 'ANSWER_TOO_LARGE'],
    ['hangs up', (request) => request.socket.destroy(), 'ECONNRESET'],
  ])('and %s is given up', async (title, handler, cause) => {
    const api = await aServer(handler);
    const seconds = title.includes('answer') ? 0.2 : 15;
    expect(await because(api, () => verifyToken(api, crypto.randomUUID(), EXPECTED, seconds))).toContain(cause);
  });

  test('nobody listening is told', async () => {
    const closed = createPlainServer();
    const api = { endpoint: `https://127.0.0.1:${await listen(closed)}`, insecure: true };
    closed.close();
    for (const act of asked(api)) expect(await because(api, act)).toMatch(/ECONNREFUSED\.$/);
  });

  test('HTTP where HTTPS is expected never sees the token, and a redirect does not lead it elsewhere', async () => {
    const seen: string[] = [];
    const note: RequestListener = (request, response) => {
      seen.push(JSON.stringify([request.url, request.headers]));
      response.end();
    };
    const plain = { endpoint: `https://127.0.0.1:${await listen(createPlainServer(note))}`, insecure: true };
    const other = await aServer(note);
    const redirect = await aServer((_, response) => response.writeHead(302, { location: `${other.endpoint}/x` }).end());
    for (const act of [...asked(plain), ...asked(redirect)])
      expect((await refusalOf(act)).code).toBe('API_UNREACHABLE');
    expect(seen).toEqual([]);
  });
});
