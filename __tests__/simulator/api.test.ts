import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { aNode, run } from './support/nodes';

interface Reply {
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly data: unknown;
}

function get(node: SimulatedNode, path: string, token?: string, host = '127.0.0.1'): Promise<Reply> {
  const headers = token === undefined ? {} : { authorization: `PVEAPIToken=${token}` };
  const { port, caFile } = node.api;
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, headers, ca: readFileSync(caFile), agent: false }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => {
        body += data;
      });
      response.on('end', () => {
        const { statusCode: status, statusMessage: reason } = response;
        resolve({ status, reason, data: body === '' ? undefined : (JSON.parse(body) as { data: unknown }).data });
      });
    });
    sent.on('error', reject).end();
  });
}

async function addToken(node: SimulatedNode, words: string): Promise<string> {
  const { stdout } = await run(node.root, `pveum user token add ${words} --output-format json`);
  const made = JSON.parse(stdout) as { 'full-tokenid': string; value: string };
  return `${made['full-tokenid']}=${made.value}`;
}

test('a token reads its own permissions, the same as pveum tells them', async () => {
  const node = await aNode();
  for (const line of [
    'pveum user add a@pve',
    'pveum acl modify / --users a@pve --roles PVEVMAdmin',
    'pveum acl modify /storage --users a@pve --roles PVEDatastoreUser --propagate 0',
  ]) {
    await run(node.root, line);
  }
  const token = await addToken(node, 'a@pve t1 --privsep 1');
  await run(node.root, "pveum acl modify /vms --tokens 'a@pve!t1' --roles PVEVMUser,PVEPoolUser");
  const told = JSON.parse((await run(node.root, 'pveum user token permissions a@pve t1 --output-format json')).stdout);
  expect(await get(node, '/api2/json/access/permissions', token)).toEqual({ status: 200, reason: 'OK', data: told });
  expect(Object.keys(told as object)).toEqual(['/vms']);
  expect(await get(node, '/api2/json/access/permissions?path=/vms/100', token, 'localhost')).toMatchObject({
    data: { '/vms/100': { 'VM.Audit': 1, 'VM.PowerMgmt': 1 } },
  });
});

test('wrong tokens are refused with the reason in the status line', async () => {
  const node = await aNode();
  const good = await addToken(node, 'root@pam t1');
  const expired = await addToken(node, 'root@pam t2 --expire 1');
  const reasonOf = async (token?: string) => {
    const { status, reason } = await get(node, '/api2/json/version', token);
    return `${status} ${reason}`;
  };
  expect(await reasonOf(good)).toBe('200 OK');
  expect(await reasonOf(`${good}x`)).toBe('401 invalid token value!');
  expect(await reasonOf('root@pam!nosuch=x')).toBe("401 no such token 'nosuch' for user 'root@pam'");
  expect(await reasonOf('nobody@pve!t1=x')).toBe("401 no such user ('nobody@pve')");
  expect(await reasonOf(expired)).toBe("401 token 't2' access expired");
  expect(await reasonOf(undefined)).toBe('401 No ticket');
  await run(node.root, 'pveum user modify root@pam --enable 0');
  expect(await reasonOf(good)).toBe("401 user 'root@pam' is disabled");
});

test('a regenerated secret replaces the old one at once', async () => {
  const node = await aNode();
  const old = await addToken(node, 'root@pam t1');
  const { stdout } = await run(node.root, 'pveum user token modify root@pam t1 --regenerate 1 --output-format json');
  const { value } = JSON.parse(stdout) as { value: string };
  expect(await get(node, '/api2/json/version', old)).toMatchObject({ status: 401 });
  expect(await get(node, '/api2/json/version', `root@pam!t1=${value}`)).toMatchObject({
    data: { release: '9.1' },
  });
});

test('a client that does not know the authority does not talk to it', async () => {
  const node = await aNode();
  const other = await aNode();
  await expect(
    get({ ...node, api: { ...node.api, caFile: other.api.caFile } }, '/api2/json/version'),
  ).rejects.toThrow();
});
