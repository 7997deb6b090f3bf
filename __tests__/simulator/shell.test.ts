import { describe, expect, test } from 'vitest';
import { aRoot, ok, run, type } from './support/nodes';

describe('words', () => {
  test('reach a program as they are', async () => {
    const root = aRoot();
    const comment = `'"$HOME \\ * \n`;
    expect(await type(root, 'pveum', 'user', 'add', 'a@pve', '--comment', comment)).toEqual(ok());
    const { stdout } = await run(root, 'pveum user list --output-format json');
    expect((JSON.parse(stdout) as { comment: string }[])[0]?.comment).toBe(comment);
  });

  test('of a program that is not the node’s own start one of this machine', async () => {
    const root = aRoot();
    expect(await type(root, 'printf', '%s.', 'a b', 'c')).toEqual(ok('a b.c.'));
    expect(await type(root, 'no such program')).toMatchObject({ exit: 127, stdout: '' });
  });
});

describe('files', () => {
  test('cat tells of missing files and folders as the real one does', async () => {
    const root = aRoot();
    expect(await run(root, 'cat /etc/pve/user.cfg')).toEqual(ok('user:root@pam:1:0:::root@example.invalid:::\n'));
    expect(await run(root, 'cat /etc/pve/nosuch')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'cat: /etc/pve/nosuch: No such file or directory\n',
    });
    expect(await run(root, 'cat /etc/pve/priv')).toMatchObject({ stderr: 'cat: /etc/pve/priv: Is a directory\n' });
  });

  test('grep finds a line with 0, nothing with 1 and fails with 2', async () => {
    const root = aRoot();
    const line = 'user:root@pam:1:0:::root@example.invalid:::\n';
    expect(await run(root, 'grep -F -e root@pam /etc/pve/user.cfg')).toEqual(ok(line));
    expect(await run(root, 'grep -F -e nobody /etc/pve/user.cfg')).toEqual({ exit: 1, stdout: '', stderr: '' });
    expect(await run(root, 'grep -F -e x /etc/pve/priv/token.cfg')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'grep: /etc/pve/priv/token.cfg: No such file or directory\n',
    });
  });
});

describe('a user who is not root', () => {
  const user = 'admin';
  const LIST = 'pveum acl list --output-format json';

  test('may not read what is secret', async () => {
    const root = aRoot();
    for (const file of ['/etc/pve/user.cfg', '/etc/pve/priv/token.cfg']) {
      const stderr = `cat: ${file}: Permission denied\n`;
      expect(await run(root, `cat ${file}`, { user })).toEqual({ exit: 1, stdout: '', stderr });
      expect(await run(root, `cat ${file} | cat`, { user })).toMatchObject({ stdout: '', stderr });
    }
  });

  test('is root behind sudo, with and without a real shell', async () => {
    const root = aRoot();
    expect(await run(root, `sudo -n ${LIST}`, { user })).toEqual(ok('[]\n'));
    expect(await run(root, `true && sudo -n ${LIST}`, { user })).toEqual(ok('[]\n'));
    expect(await run(root, `true && ${LIST}`, { user })).toMatchObject({ stderr: 'please run as root\n' });
    expect(await run(root, `sudo -n sh -c '${LIST}'`, { user })).toEqual(ok('[]\n'));
  });

  test('is refused by sudo where a password would be needed', async () => {
    const refused = { exit: 1, stdout: '', stderr: 'sudo: a password is required\n' };
    expect(await run(aRoot({ sudo: 'none' }), `sudo -n ${LIST}`, { user })).toEqual(refused);
    const root = aRoot({ sudo: 'pveum' });
    expect(await run(root, 'sudo -n cat /etc/pve/user.cfg', { user })).toEqual(refused);
    expect(await run(root, `sudo -n /usr/sbin/${LIST}`, { user })).toEqual(ok('[]\n'));
    expect(await run(root, `true; sudo -n sh -c '${LIST}'`, { user })).toEqual(refused);
  });

  test('may do by the documented line of sudoers what it says', async () => {
    const root = aRoot({ sudo: 'documented' });
    const refused = { exit: 1, stdout: '', stderr: 'sudo: a password is required\n' };
    const admin = (...words: readonly string[]) => run(root, `sudo -n ${words.join(' ')}`, { user });
    expect(await admin('cat', '/etc/pve/user.cfg')).toMatchObject({ exit: 0 });
    expect(await admin('grep', '-F', '-e', 'x', '/etc/pve/priv/token.cfg')).toMatchObject({ exit: 2 });
    expect(await admin('cat', '/etc/pve/priv/token.cfg')).toEqual(refused);
    expect(await admin('cat', '/etc/pve/user.cfg', '/etc/shadow')).toEqual(refused);
  });
});

describe('a real shell', () => {
  test('runs the node’s programs and tells what it does not know', async () => {
    const root = aRoot();
    const line = "for n in a b; do pveum user add $n@pve || exit 1; done; cat /etc/pve/user.cfg | grep -c '@pve'";
    expect(await run(root, line)).toEqual(ok('2\n'));
    expect(await run(root, 'nosuch-program')).toMatchObject({ exit: 127, stdout: '' });
    expect(await run(root, 'exit 42')).toMatchObject({ exit: 42 });
  });
});
