import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tryLock, unlock } from '../../simulator/machine/lock';
import { pveFile } from '../../simulator/machine/node-files';
import { readRuns } from '../../simulator/machine/run-log';
import { aRoot, ok, run } from './support/nodes';

const names = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

const linesOf = (root: string, kind: string): number =>
  readFileSync(pveFile(root, 'user.cfg'), 'latin1')
    .split('\n')
    .filter((line) => line.startsWith(`${kind}:`)).length;

test('parallel calls in this process and in others lose nothing', async () => {
  const root = aRoot();
  const inside = names(30, 'in').map((name) => run(root, `pveum user add ${name}@pve`));
  const outside = run(root, `for n in ${names(8, 'out').join(' ')}; do pveum user add $n@pve & done; wait`);
  const results = await Promise.all([...inside, outside]);
  expect(results.every(({ exit, stderr }) => exit === 0 && stderr === '')).toBe(true);
  expect(linesOf(root, 'user')).toBe(39);
  expect(readRuns(root)).toHaveLength(38);
  expect(readdirSync(pveFile(root, 'priv/lock'))).toEqual([]);
});

test('parallel tokens get a line and a secret each', async () => {
  const root = aRoot();
  await Promise.all(names(20, 'tt').map((name) => run(root, `pveum user token add root@pam ${name}`)));
  expect(linesOf(root, 'token')).toBe(20);
  expect(readFileSync(pveFile(root, 'priv/token.cfg'), 'utf8').trim().split('\n')).toHaveLength(20);
});

describe('a held lock', () => {
  const held = (timeoutMs: number) => {
    const root = aRoot({ lock: { pollMs: 1, noticeMs: timeoutMs / 10, timeoutMs } });
    expect(tryLock(root)).toBe(true);
    return root;
  };

  test('is waited for a while and then given up', async () => {
    const root = held(50);
    const { exit, stdout, stderr } = await run(root, 'pveum user add a@pve');
    expect({ exit, stdout }).toEqual({ exit: 17, stdout: '' });
    expect(stderr).toBe(
      `${"trying to acquire cfs lock 'file-user_cfg' ...\n".repeat(9)}create user failed: cfs-lock 'file-user_cfg' error: got lock request timeout\n`,
    );
  });

  test('hinders nobody who reads or who asks for nonsense', async () => {
    const root = held(60_000);
    expect(await run(root, 'pveum user list --quiet 1')).toEqual(ok());
    expect(await run(root, 'pveum user add nonsense')).toMatchObject({ exit: 255 });
  });

  test('that is released lets the command go on', async () => {
    const root = held(60_000);
    const adding = run(root, 'pveum user add a@pve');
    unlock(root);
    expect(await adding).toMatchObject({ exit: 0, stdout: '' });
    expect(linesOf(root, 'user')).toBe(2);
  });
});
