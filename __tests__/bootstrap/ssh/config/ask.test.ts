import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import type { Machine } from '../../../../bootstrap/ssh';
import { askSsh, type Query } from '../../../../bootstrap/ssh/config/ask';
import { isProgram } from '../../../../simulator/shell/login-shell';
import { refusalOf } from '../../support';
import { machineOf, makeHome, named, put, putConfig } from '../support';

/** Without `ssh` these tests are skipped by name; under CI that is a failure. */
const there = isProgram('/usr/bin/ssh') || process.env.CI !== undefined;

interface Asked {
  readonly query?: Partial<Query>;
  readonly machine?: Partial<Machine>;
  readonly seconds?: number;
}

function asker(home: string, { query, machine, seconds = 20 }: Asked = {}) {
  const lines: string[] = [];
  const ask = askSsh(machineOf(home, machine), seconds, (line) => lines.push(line));
  const get = async (...keywords: string[]) => {
    const answer = await ask({ host: 'pve', role: 'node', ...query });
    return keywords.flatMap((keyword) => answer.get(keyword) ?? []);
  };
  return { lines, get };
}

/** What was killed is still listed until its parent has looked at it. */
function isAlive(pid: string): boolean {
  try {
    return !/ [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function ask(config: string, asked: Asked = {}) {
  const home = makeHome();
  putConfig(home, config);
  return asker(home, asked);
}

describe.runIf(there)('`ssh`', () => {
  test.each<[string, string, Partial<Query>, string[], string[]]>([
    [
      'is asked about the host',
      'Host pve\n HostName %h.example\n Port 7',
      {},
      ['hostname', 'port'],
      ['pve.example', '7'],
    ],
    [
      'gives way to what is settled',
      'Port 7\nUser a\nProxyJump b',
      { port: 8, user: 'c', jump: 'd,e' },
      ['port', 'user', 'proxyjump'],
      ['8', 'c', 'd,e'],
    ],
    ['goes by what is settled in Match', 'Match user c\n Port 7', { user: 'c' }, ['port'], ['7']],
    ['takes none for a straight way', 'ProxyJump b', { jump: 'none' }, ['proxyjump', 'proxycommand'], []],
    ['takes none for no command either', 'ProxyCommand nc', { jump: 'None' }, ['proxyjump', 'proxycommand'], []],
    ['runs Match exec', 'Match exec "test %n = pve"\n Port 7', {}, ['port'], ['7']],
    ['has no remote command in its way', 'RemoteCommand tmux\nRequestTTY force\nPort 7', {}, ['port'], ['7']],
    ['has no session type in its way', 'SessionType none\nPort 7', { role: 'jump' }, ['port'], ['7']],
    ['passes over keys that are none', 'IdentityFile none', {}, ['identityfile'], []],
  ])('%s', async (_title, config, query, keywords, values) => {
    expect(await ask(config, { query }).get(...keywords)).toEqual(values);
  });

  test('takes a host that begins with a dash for a host', async () => {
    const home = makeHome();
    const trace = join(home, 'trace');
    const { get } = asker(home, { query: { host: `-oProxyCommand=touch ${trace}` } });
    // Newer releases refuse the name, older ones take it as it is.
    await get('hostname').catch(() => undefined);
    const { message } = await refusalOf(asker(home, { query: { host: '-F/nonexistent' } }).get('port'));
    expect(message).not.toMatch(/nonexistent: No such file/);
    expect(existsSync(trace)).toBe(false);
  });

  test('expands the tokens of key files, and of no others', async () => {
    const home = makeHome();
    const me = userInfo();
    const lines = [
      'Host pve',
      'HostName 10.0.0.1',
      'Port 7',
      'User admin',
      'IdentityFile ~/plain',
      'IdentityFile %d/%n-%h-%p-%r-%u%%',
      'IdentityFile "${MY_KEYS}/a \\"b\\""',
      `IdentityFile ~${me.username}/x`,
      'IdentityFile relative',
      'CertificateFile ~/%n-cert.pub',
    ];
    putConfig(home, lines.join('\n'));
    const environment = { ...process.env, MY_KEYS: '/keys' };
    const ssh = { home, environment, configFile: join(home, '.ssh', 'config') };
    const paths = await asker(home, { machine: { ssh, project: '/srv/infra' } }).get('identityfile', 'certificatefile');
    expect(paths).toEqual([
      `${home}/plain`,
      `${me.homedir}/pve-10.0.0.1-7-admin-${me.username}%`,
      '/keys/a "b"',
      `${me.homedir}/x`,
      '/srv/infra/relative',
      `${me.homedir}/pve-cert.pub`,
    ]);
  });

  test('finds what a key file’s name is hashed from', async () => {
    const [path] = await ask('IdentityFile /keys/%C').get('identityfile');
    expect(path).toMatch(/^\/keys\/[0-9a-f]{40}$/);
  });

  test('includes what it would', async () => {
    const home = makeHome();
    mkdirSync(join(home, 'd'));
    for (const name of ['a', 'b', 'c']) put(home, `../d/${name}`, `Host pve\n User ${name}\n`);
    const { homedir, username } = userInfo();
    putConfig(home, `Include ~${username}/${relative(homedir, home)}/d/[bc]`);
    expect(await asker(home).get('user')).toEqual(['b']);
  });

  test('reads the file that is named instead of the user’s and the system’s', async () => {
    const home = makeHome();
    const ssh = { home, environment: process.env, configFile: put(home, 'other', 'Port 9\n') };
    expect(await asker(home, { machine: { ssh } }).get('port')).toEqual(['9']);
    const none = { ...ssh, configFile: 'none' };
    expect(await asker(home, { machine: { ssh: none } }).get('port')).toEqual(['22']);
  });

  test('that has something to say against the config is told, in printable characters', async () => {
    const home = makeHome();
    const path = putConfig(home, 'Host pve\n Prot\u001b[2J 7\n Port x');
    const { message } = await refusalOf(asker(home).get('port'));
    expect(named(message, { CONFIG: path })).toMatchInlineSnapshot(`
      "\`ssh\` cannot tell how to reach \`pve\`, got: CONFIG: line 2: Bad configuration option: prot\\033[2j; CONFIG line 3: Bad port 'x'.; CONFIG: terminating, 2 bad configuration options
        why: The ssh config may name another address, key or jump host for it, so no connection was made.
        fix: Correct the ssh config until \`ssh -G pve\` succeeds. With PROXMOX_SSH_CONFIG=none no config is read, and the entry says it all."
    `);
  });

  test('that knows no value for a variable is told, too', async () => {
    const refusal = await refusalOf(ask('IdentityFile ${NO_SUCH_VARIABLE}/k').get('port'));
    expect(refusal.what).toMatch(/^`ssh` cannot tell how to reach `pve`, got: .*NO_SUCH_VARIABLE/);
  });

  test('that waits too long is ended, with what it waits for', async () => {
    const home = makeHome();
    const pids = join(home, 'pids');
    putConfig(home, `Match exec "echo $$ >> ${pids}; exec sleep 1000"\n Port 7`);
    const { message } = await refusalOf(asker(home, { seconds: 1 }).get('port'));
    expect(message).toMatchInlineSnapshot(`
      "\`ssh -G\` did not tell within 1 s how to reach \`pve\`.
        why: It waits for the commands of \`Match exec\`, and for name servers with \`CanonicalizeHostname\`. The ssh config may name another address, key or jump host for it, so no connection was made.
        fix: Try \`ssh -G pve\`, and mend what it waits for, or raise \`ssh.timeouts.connect\`."
    `);
    // Were it alive, the test would run out of time.
    while (isAlive(readFileSync(pids, 'utf8').trim())) await turn();
  });

  test('is not waited for longer than it runs, whatever it leaves behind', async () => {
    const home = makeHome();
    const pids = join(home, 'pids');
    putConfig(home, `Match exec "sleep 1000 & echo $! > ${pids}"\n Port 7`);
    const { get } = asker(home, { seconds: 60 });
    expect(await get('port')).toEqual(['7']);
    process.kill(Number(readFileSync(pids, 'utf8')));
  });
});

describe('where `ssh` cannot be asked', () => {
  const DEFAULTS = ['hostname', 'port', 'user', 'proxyjump', 'identityfile', 'userknownhostsfile'];
  const defaults = (home: string) => [
    'pve',
    '22',
    'me',
    ...['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `${home}/.ssh/${name}`),
    `${home}/.ssh/known_hosts ${home}/.ssh/known_hosts2`,
  ];

  test('because it is not there, the config is not read, and that is told once', async () => {
    const home = makeHome();
    putConfig(home, 'Port 7');
    const ssh = { home, environment: { PATH: join(home, 'empty') }, configFile: join(home, '.ssh', 'config') };
    const { lines, get } = asker(home, { machine: { ssh } });
    expect(await get(...DEFAULTS)).toEqual(defaults(home));
    await get('port');
    expect(lines).toEqual(['ssh: there is no `ssh` on this machine: the ssh config is not read']);
  });

  test('because this user has no passwd entry, it is the same', async () => {
    const home = makeHome();
    const { lines, get } = asker(home, { machine: { ssh: { environment: process.env } } });
    expect(await get(...DEFAULTS)).toEqual(defaults(home));
    expect(lines).toEqual(['ssh: this user has no passwd entry, and `ssh` needs one: the ssh config is not read']);
  });

  test('because nobody wants it to be, nothing is told', async () => {
    const home = makeHome();
    const { lines, get } = asker(home, { machine: { ssh: undefined }, query: { port: 7, user: 'root', jump: 'a,b' } });
    expect(await get('port', 'user', 'proxyjump')).toEqual(['7', 'root', 'a,b']);
    expect(lines).toEqual([]);
  });
});
