import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pveFile } from '../../simulator/machine/node-files';
import { readSettings, saveSettings } from '../../simulator/machine/settings';
import { privilegesOf } from '../../simulator/pveum/privileges';
import { RELEASES, type Release } from '../../simulator/pveum/releases';
import { aRoot, type Output, ok, run, type } from './support/nodes';

const config = (root: string): string => readFileSync(pveFile(root, 'user.cfg'), 'latin1');

async function all(root: string, ...lines: string[]): Promise<void> {
  for (const line of lines) expect(await run(root, line), line).toMatchObject({ exit: 0 });
}

const LIST = 'pveum acl list --output-format json';

const refused = (stderr: string, exit = 255): Output => ({ exit, stdout: '', stderr });

test('what is no command is told', async () => {
  const told = "ERROR: unknown command 'pveum frobnicate all'\nUSAGE: pveum <COMMAND> [ARGS] [OPTIONS]\n";
  expect(await run(aRoot(), 'pveum frobnicate all')).toEqual(refused(told));
});

test('only root may run it', async () => {
  expect(await run(aRoot(), 'pveum user list', { user: 'admin' })).toEqual(refused('please run as root\n'));
});

test('only JSON is printed', async () => {
  expect(await run(aRoot(), LIST)).toEqual(ok('[]\n'));
  expect(await run(aRoot(), 'pveum acl list')).toEqual(ok('(a table: the simulated node prints JSON alone)\n'));
});

describe('parameters', () => {
  test('several wrong ones are told at once, by name, with the usage', async () => {
    expect(await run(aRoot(), 'pveum user add nobody --expire x --email y --groups "a b!"')).toEqual(
      refused(
        [
          '400 Parameter verification failed.',
          'email: invalid format - value does not look like a valid email address\n',
          "expire: type check ('integer') failed - got 'x'",
          "groups: invalid format - group name 'b!' contains invalid characters\n",
          "userid: invalid format - value 'nobody' does not look like a valid user name\n",
          'pveum user add <userid> [OPTIONS]\n',
        ].join('\n'),
      ),
    );
  });

  test.each([
    ['pveum user add', '400 not enough arguments\npveum user add <userid> [OPTIONS]\n'],
    ['pveum user add a@pve b', '400 too many arguments\npveum user add <userid> [OPTIONS]\n'],
    ['pveum user delete --userid a@pve', '400 not enough arguments\npveum user delete <userid>\n'],
    [
      'pveum acl modify / --delete 1',
      'Unknown option: delete\n400 unable to parse option\npveum acl modify <path> --roles <string> [OPTIONS]\n',
    ],
    [
      'pveum user list --full maybe',
      '400 unable to parse boolean option\npveum user list  [OPTIONS] [FORMAT_OPTIONS]\n',
    ],
  ])('%s', async (line, stderr) => {
    expect(await run(aRoot(), line)).toEqual(refused(stderr));
  });
});

describe('users', () => {
  test('that may not log in, with remarks of any letters, are members of groups', async () => {
    const root = aRoot();
    await all(root, 'pveum group add ops', 'pveum group add crew');
    const comment = 'two\nlines: 100% Größe\t🔑';
    expect(
      await type(root, 'pveum', 'user', 'add', 'a@pve', '--enable', '0', '--comment', 'x', '--groups', 'ops,crew'),
    ).toEqual(ok());
    expect(await type(root, 'pveum', 'user', 'modify', 'a@pve', '--comment', comment)).toEqual(ok());
    expect(config(root)).toContain('user:a@pve:0:0::::two%0Alines%3A 100%25 Gr%C3%B6%C3%9Fe%09%F0%9F%94%91::\n');
    const { stdout } = await run(root, 'pveum user list --full 1 --output-format json');
    expect((JSON.parse(stdout) as unknown[])[0]).toMatchObject({
      userid: 'a@pve',
      enable: 0,
      comment,
      groups: 'crew,ops',
    });
  });

  test('lose letters where the locale is not UTF-8', async () => {
    const root = aRoot();
    await run(root, 'pveum user add a@pve --comment "ü"', { env: { LC_ALL: 'C' } });
    expect(config(root)).not.toContain('%C3%BC');
  });
});

test.each(RELEASES)('%s knows the privileges that were measured', (release: Release) => {
  const { valid, specialRoles } = privilegesOf(release);
  expect([valid.size, valid.has('VM.Monitor')]).toEqual([
    { '7.4': 37, '8.4': 42, '9.0': 47, '9.1': 47 }[release],
    release < '9',
  ]);
  expect(specialRoles.get('Administrator')).toEqual(valid);
});

test('an upgrade to 9 strips roles of what is gone, with a warning on every command', async () => {
  const root = aRoot({ release: '8.4' });
  await all(root, 'pveum role add old --privs VM.Monitor,VM.Audit');
  const settings = readSettings(root);
  if (settings) saveSettings(root, { ...settings, release: '9.1' });
  const warning = "user config - ignore invalid privilege 'VM.Monitor'\n";
  expect(await run(root, LIST)).toEqual({ exit: 0, stdout: '[]\n', stderr: warning });
  expect(await run(root, 'pveum user add a@pve')).toEqual({ exit: 0, stdout: '', stderr: warning });
  expect(await run(root, LIST)).toEqual(ok('[]\n'));
});

test('a token that is removed and added again has lost its ACL', async () => {
  const root = aRoot();
  await all(root, 'pveum user token add root@pam t1', 'pveum acl modify /vms --tokens root@pam!t1 --roles PVEVMUser');
  await all(root, 'pveum user token remove root@pam t1');
  const orphan = { exit: 0, stderr: "user config - ignore invalid acl token 'root@pam!t1'\n" };
  expect(await run(root, LIST)).toEqual({ ...orphan, stdout: '[]\n' });
  expect(await run(root, 'pveum user token add root@pam t1 --quiet 1')).toEqual({ ...orphan, stdout: '' });
  expect(await run(root, LIST)).toEqual(ok('[]\n'));
});

describe('permissions', () => {
  const held = async (root: string, user: string, path: string) => {
    const { stdout } = await run(root, `pveum user permissions ${user} --path ${path} --output-format json`);
    return (JSON.parse(stdout) as Record<string, Record<string, number>>)[path];
  };

  async function prepared(): Promise<string> {
    const root = aRoot();
    await all(root, 'pveum group add staff', 'pveum user add a@pve --groups staff');
    await all(root, 'pveum role add look --privs VM.Audit', 'pveum role add push --privs VM.PowerMgmt');
    await all(root, 'pveum acl modify / --groups staff --roles look');
    return root;
  }

  test('an own entry replaces a group entry of the same path and below', async () => {
    const root = await prepared();
    expect(await held(root, 'a@pve', '/vms/100')).toEqual({ 'VM.Audit': 1 });
    await all(root, 'pveum acl modify / --users a@pve --roles push');
    expect(await held(root, 'a@pve', '/vms/100')).toEqual({ 'VM.PowerMgmt': 1 });
  });

  test('NoAccess takes everything away where it holds', async () => {
    const root = await prepared();
    await all(root, 'pveum acl modify /vms/100 --groups staff --roles NoAccess');
    expect(await held(root, 'a@pve', '/vms/100')).toEqual({});
    expect(await held(root, 'a@pve', '/vms/101')).toEqual({ 'VM.Audit': 1 });
  });

  test('an entry without propagation holds on its own path alone', async () => {
    const root = await prepared();
    await all(root, 'pveum acl modify /vms --users a@pve --roles push --propagate 0');
    expect(await held(root, 'a@pve', '/vms')).toEqual({ 'VM.PowerMgmt': 0 });
    expect(await held(root, 'a@pve', '/vms/100')).toEqual({ 'VM.Audit': 1 });
  });
});

test('what does not belong to user.cfg is skipped with a warning and gone at the next write', async () => {
  const root = aRoot();
  await all(root, 'pveum role add r --privs VM.Audit');
  await run(root, `echo 'nonsense:x' >> '${join(root, 'etc', 'pve', 'user.cfg')}'`);
  expect(await run(root, 'pveum user add b@pve')).toEqual({
    ...ok(),
    stderr: 'user config - ignore config line: nonsense:x\n',
  });
  expect(config(root)).not.toContain('nonsense');
});
