import { describe, expect, test } from 'vitest';
import { parseSimpleCommand } from '../../simulator/shell/parse';
import { aRoot, ok, run } from './support/nodes';

describe('a simple command', () => {
  test.each([
    ['pveum  user add a@pve', ['pveum', 'user', 'add', 'a@pve']],
    ["x 'a b'\\''c'", ['x', "a b'c"]],
    ['x "a \\" b"c d\\ e', ['x', 'a " bc', 'd e']],
    ["x $'a\\tb\\n'", ['x', 'a\tb\n']],
    ["x ''", ['x', '']],
    ['x a=b ü', ['x', 'a=b', 'ü']],
  ])('%s', (line, words) => {
    expect(parseSimpleCommand(line)).toEqual({ env: {}, words });
  });

  test('may set variables', () => {
    expect(parseSimpleCommand("LANG=C A='b c' pveum list")).toEqual({
      env: { LANG: 'C', A: 'b c' },
      words: ['pveum', 'list'],
    });
  });

  test.each(['a | b', 'a; b', 'a && b', 'a > f', 'a $X', 'a "$X"', 'a `b`', 'a *', 'a #c', 'a ~', 'a\nb', "a 'b", ''])(
    'is not: %s',
    (line) => expect(parseSimpleCommand(line)).toBeUndefined(),
  );
});

describe('files', () => {
  test('cat tells of missing files and folders as the real one does, and gives the others', async () => {
    const root = aRoot();
    expect(await run(root, 'cat /etc/pve/user.cfg /etc/pve/nosuch /etc/pve/priv')).toEqual({
      exit: 1,
      stdout: 'user:root@pam:1:0:::root@example.invalid:::\n',
      stderr: 'cat: /etc/pve/nosuch: No such file or directory\ncat: /etc/pve/priv: Is a directory\n',
    });
  });

  test.each(['grep -F root@pam', 'grep -F -e root@pam', 'grep "^user:root"', 'grep -Fe root@pam'])(
    '%s finds a line',
    async (command) => {
      const line = 'user:root@pam:1:0:::root@example.invalid:::\n';
      expect(await run(aRoot(), `${command} /etc/pve/user.cfg`)).toEqual(ok(line));
    },
  );

  test('grep finds nothing with 1 and fails with 2', async () => {
    const root = aRoot();
    expect(await run(root, 'grep -F nobody /etc/pve/user.cfg')).toEqual({ exit: 1, stdout: '', stderr: '' });
    expect(await run(root, 'grep -F x /etc/pve/priv/token.cfg')).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'grep: /etc/pve/priv/token.cfg: No such file or directory\n',
    });
  });
});

describe('a user who is not root', () => {
  const user = 'admin';

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
    expect(await run(root, 'id -u', { user })).toEqual(ok('1000\n'));
    expect(await run(root, 'sudo -n id -u', { user })).toEqual(ok('0\n'));
    expect(await run(root, 'true && sudo -n -- pveum acl list --output-format json', { user })).toEqual(ok('[]\n'));
    expect(await run(root, 'true && pveum acl list', { user })).toMatchObject({ stderr: 'please run as root\n' });
    expect(await run(root, "sudo -n sh -c 'id -u; pveum acl list --output-format json'", { user })).toEqual(
      ok('0\n[]\n'),
    );
  });

  test('is refused by sudo where a password would be needed', async () => {
    const refused = { exit: 1, stdout: '', stderr: 'sudo: a password is required\n' };
    expect(await run(aRoot({ sudo: 'none' }), 'sudo -n pveum acl list', { user })).toEqual(refused);
    const root = aRoot({ sudo: 'pveum' });
    expect(await run(root, 'sudo -n cat /etc/pve/priv/token.cfg', { user })).toEqual(refused);
    expect(await run(root, 'sudo -n /usr/sbin/pveum acl list --output-format json', { user })).toEqual(ok('[]\n'));
    expect(await run(root, "true; sudo -n sh -c 'pveum acl list'", { user })).toEqual(refused);
  });
});

describe('a real shell', () => {
  test('runs the node’s programs and tells what it does not know', async () => {
    const root = aRoot();
    const line = "for n in a b; do pveum user add $n@pve || exit 1; done; grep -c '@pve' /etc/pve/user.cfg";
    expect(await run(root, line)).toEqual(ok('2\n'));
    expect(await run(root, 'nosuch-program')).toMatchObject({ exit: 127, stdout: '' });
    expect(await run(root, 'exit 42')).toMatchObject({ exit: 42 });
    expect(await run(root, 'LANG=C; export LANG; pveum group add g; pveum group list')).toMatchObject({
      stdout: expect.stringContaining('+=========+') as string,
    });
  });
});
