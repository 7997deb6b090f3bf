import { describe, expect, test } from 'vitest';

import { parseConfig } from '../../../bootstrap/ssh/config-lines';
import { planRoute } from '../../../bootstrap/ssh/route';
import type { SshSettings } from '../../../contract/settings';

const MACHINE = { home: '/home/me', project: '/srv/infra', localUser: 'me', agentSocket: '/run/agent' };

function route(config: string, settings: Partial<SshSettings> = {}, system = '') {
  const files = [parseConfig(config, '/home/me/.ssh/config'), parseConfig(system, '/etc/ssh/ssh_config')];
  return planRoute({ host: 'pve', timeouts: { connect: 20, command: 60, lock: 30 }, ...settings }, MACHINE, files);
}

const node = (config: string, settings: Partial<SshSettings> = {}, system = '') =>
  route(config, settings, system).slice(-1)[0];
const places = (config: string, settings: Partial<SshSettings> = {}) =>
  route(config, settings).map((stop) => stop.place);
const paths = (config: string, settings: Partial<SshSettings> = {}) =>
  node(config, settings)?.identityFiles.map(({ path }) => path);

describe('what is settled without asking', () => {
  test('an empty config leaves OpenSSH’s defaults', () => {
    expect(node('')).toEqual({
      role: 'node',
      place: '`me@pve:22`',
      host: 'pve',
      port: 22,
      user: 'me',
      hostKeyName: 'pve',
      identityFiles: [
        { path: '/home/me/.ssh/id_ed25519', origin: 'default' },
        { path: '/home/me/.ssh/id_ecdsa', origin: 'default' },
        { path: '/home/me/.ssh/id_rsa', origin: 'default' },
      ],
      identitiesOnly: false,
      agentSocket: '/run/agent',
      knownHostsFiles: [
        '/home/me/.ssh/known_hosts',
        '/home/me/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
      connectSeconds: 20,
    });
  });

  test.each<[string, string, Partial<SshSettings>, Record<string, unknown>]>([
    [
      'the config names host, port and user',
      'Host pve\n HostName 10.0.0.1\n Port 2222\n User admin',
      {},
      { host: '10.0.0.1', port: 2222, user: 'admin', hostKeyName: '[10.0.0.1]:2222', hostKeyFallback: '10.0.0.1' },
    ],
    [
      'the settings win over the config',
      'Host pve\n Port 2222\n User admin',
      { port: 22, user: 'root' },
      { port: 22, user: 'root' },
    ],
    ['the first value wins', 'Host pve\n Port 1\nHost *\n Port 2', {}, { port: 1 }],
    ['values before the first Host hold for all', 'Port=7', {}, { port: 7 }],
    ['a wildcard fits', 'Host p?e other*\n Port 7', {}, { port: 7 }],
    ['a negated pattern rules a host out', 'Host * !pve\n Port 7', {}, { port: 22 }],
    ['HostName may hold the name asked for', 'Host *\n HostName %h.example.net', {}, { host: 'pve.example.net' }],
    ['a quoted value and a comment are read', 'Host "pve" # ours\n User "root" # him', {}, { user: 'root' }],
    ['keywords have no case and lines may end as on Windows', 'HOST pve\r\n\tuser = root\r\n', {}, { user: 'root' }],
    ['Match all holds', 'Match all\n Port 7', {}, { port: 7 }],
    [
      'Match host looks at the settled name',
      'Host pve\n HostName a.example\nMatch host *.example\n Port 7',
      {},
      { port: 7 },
    ],
    ['Match originalhost looks at the name asked for', 'Match originalhost pve,x\n Port 7', {}, { port: 7 }],
    ['Match user looks at the settled user', 'Match user root\n Port 7', { user: 'root' }, { port: 7 }],
    ['a negated criterion is understood', 'Match !host pve\n Port 7', {}, { port: 22 }],
    ['Match exec is never run and does not hold', 'Match host pve exec "touch /tmp/x"\n Port 7', {}, { port: 22 }],
    ['Match final does not hold', 'Match final all\n Port 7', {}, { port: 22 }],
    ['IdentitiesOnly is read', 'IdentitiesOnly yes', {}, { identitiesOnly: true }],
    ['IdentityAgent none means no agent', 'IdentityAgent none', {}, { agentSocket: undefined }],
    ['IdentityAgent names a socket', 'IdentityAgent "~/my agent"', {}, { agentSocket: '/home/me/my agent' }],
    ['IdentityAgent names a variable', 'IdentityAgent $SSH_AUTH_SOCK', {}, { agentSocket: '/run/agent' }],
    [
      'HostKeyAlias replaces name and port in known_hosts',
      'HostKeyAlias PVE-lab\nPort 7',
      {},
      { hostKeyName: 'pve-lab' },
    ],
    [
      'known_hosts files are named',
      'UserKnownHostsFile ~/a "/b c"\nGlobalKnownHostsFile none',
      {},
      { knownHostsFiles: ['/home/me/a', '/b c'] },
    ],
    [
      'a name is looked up in lower case',
      '',
      { host: 'PVE.Example' },
      { host: 'PVE.Example', hostKeyName: 'pve.example' },
    ],
    [
      'an address in brackets is an address',
      '',
      { host: '[fe80::1]', user: 'root' },
      { host: 'fe80::1', place: '`root@[fe80::1]:22`' },
    ],
  ])('%s', (_title, config, settings, expected) => {
    expect(node(config, settings)).toMatchObject(expected);
  });

  test('the system’s config comes after the user’s', () => {
    expect(node('Port 7', {}, 'Port 8\nUser admin')).toMatchObject({ port: 7, user: 'admin' });
  });

  test('a Host block ends with its file', () => {
    expect(node('Host other\n Port 7', {}, 'User admin')).toMatchObject({ port: 22, user: 'admin' });
  });

  test('identity files add up over the blocks, with tokens, and replace the defaults', () => {
    const config = 'Host pve\n IdentityFile %d/.ssh/%n-%h-%p-%r-%u\nHost *\n IdentityFile ~/k%%\n IdentityFile keys/x';
    expect(paths(config)).toEqual(['/home/me/.ssh/pve-pve-22-me-me', '/home/me/k%', '/srv/infra/keys/x']);
  });

  test.each([
    ['keys/pve', '/srv/infra/keys/pve'],
    ['~/keys/pve', '/home/me/keys/pve'],
    ['/keys/pve', '/keys/pve'],
  ])('the settings’ key %s is %s, and the only one', (identity_file, path) => {
    expect(node('IdentityFile ~/other', { identity_file })).toMatchObject({
      identityFiles: [{ path, origin: 'settings' }],
      identitiesOnly: true,
    });
  });
});

describe('jump hosts', () => {
  test('a chain is resolved through the config, each with what is said of it', () => {
    const config = 'Host b1\n HostName 10.0.0.1\n User ops\n ConnectTimeout 5\nHost b2\n Port 2200';
    const stops = route(config, { jump: 'b1,me2@b2', user: 'root', host_key: 'SHA256:x', identity_file: '/k' });
    expect(stops.map(({ place }) => place)).toEqual([
      '`ops@10.0.0.1:22` (jump host 1 of 2 on the way to `pve:22`)',
      '`me2@b2:2200` (jump host 2 of 2 on the way to `pve:22`)',
      '`root@pve:22` (through `10.0.0.1:22`, `b2:2200`)',
    ]);
    expect(stops.map(({ connectSeconds }) => connectSeconds)).toEqual([5, 20, 20]);
    expect(stops.map(({ pin }) => pin)).toEqual([undefined, undefined, 'SHA256:x']);
    expect(stops[0]?.identityFiles[0]?.path).toBe('/home/me/.ssh/id_ed25519');
  });

  test.each<[string, string, Partial<SshSettings>, string[]]>([
    [
      'ProxyJump of the config is followed',
      'Host pve\n ProxyJump b:7',
      {},
      ['`me@b:7` (jump host 1 of 1 on the way to `pve:22`)', '`me@pve:22` (through `b:7`)'],
    ],
    ['the settings’ none wins over ProxyJump', 'ProxyJump b', { jump: 'none' }, ['`me@pve:22`']],
    ['ProxyJump none ends the search', 'Host pve\n ProxyJump none\nHost *\n ProxyJump b', {}, ['`me@pve:22`']],
    [
      'a bastion named for every host is not its own bastion',
      'ProxyJump b',
      {},
      ['`me@b:22` (jump host 1 of 1 on the way to `pve:22`)', '`me@pve:22` (through `b:22`)'],
    ],
    [
      'the first jump host’s own ProxyJump is followed',
      'Host pve\n ProxyJump b\nHost b\n ProxyJump a',
      {},
      [
        '`me@a:22` (jump host 1 of 2 on the way to `pve:22`)',
        '`me@b:22` (jump host 2 of 2 on the way to `pve:22`)',
        '`me@pve:22` (through `a:22`, `b:22`)',
      ],
    ],
    [
      'an IPv6 jump host and a user with an at sign are read',
      '',
      { jump: 'ssh://a@b@[::1]:7' },
      ['`a@b@[::1]:7` (jump host 1 of 1 on the way to `pve:22`)', '`me@pve:22` (through `[::1]:7`)'],
    ],
    [
      'a ProxyCommand is no matter where jump hosts are set',
      'ProxyCommand nc %h %p',
      { jump: 'none' },
      ['`me@pve:22`'],
    ],
  ])('%s', (_title, config, settings, expected) => {
    expect(places(config, settings)).toEqual(expected);
  });
});

describe('what is refused', () => {
  test.each<[string, string, Partial<SshSettings>, string]>([
    [
      'a line without a value',
      'Host pve\n Port',
      {},
      '/home/me/.ssh/config:2 cannot be understood: `Port` has no value.\n  why: What the line is to change for this host cannot be known, so nothing was connected.\n  fix: Correct the line; `ssh -G HOST` checks the file too.',
    ],
    [
      'an open quote, of which nothing is shown',
      'User "secret',
      {},
      '/home/me/.ssh/config:1 cannot be understood: a value is missing or a quote is not closed.\n  why: What the line is to change for this host cannot be known, so nothing was connected.\n  fix: Correct the line; `ssh -G HOST` checks the file too.',
    ],
    [
      'a port that is none',
      'Port 70000',
      {},
      '/home/me/.ssh/config:1 cannot be understood: `port` is not a whole number from 1 to 65535.\n  why: What the line is to change for this host cannot be known, so nothing was connected.\n  fix: Correct the line; `ssh -G HOST` checks the file too.',
    ],
    [
      'a token that is not known',
      'IdentityFile ~/%i',
      {},
      '/home/me/.ssh/config:1 cannot be understood: `%i` is not supported in a path.\n  why: What the line is to change for this host cannot be known, so nothing was connected.\n  fix: Correct the line; `ssh -G HOST` checks the file too.',
    ],
    [
      'a criterion without a value',
      'Match host',
      {},
      '/home/me/.ssh/config:1 cannot be understood: a criterion of `Match` has no value.\n  why: What the line is to change for this host cannot be known, so nothing was connected.\n  fix: Correct the line; `ssh -G HOST` checks the file too.',
    ],
    [
      'a ProxyCommand',
      'Host pve\n ProxyCommand nc %h %p',
      {},
      '`pve:22` is to be reached with a ProxyCommand (/home/me/.ssh/config:2).\n  why: Only ProxyJump is supported, and a direct connection could reach another machine of that name.\n  fix: Set `ssh.jump` in the entry: the jump hosts, or "none" for a direct connection.',
    ],
    [
      'a jump host that makes no sense',
      '',
      { jump: 'a,b:x' },
      'The jump hosts cannot be understood, got: a,b:x\n  why: They stand in `ssh.jump` of the entry, or in a ProxyJump of the ssh config.\n  fix: Write [user@]host[:port], several joined by commas, or "none"; an IPv6 address in brackets.',
    ],
    [
      'jump hosts that go in a circle',
      'Host pve\n ProxyJump a\nHost a\n ProxyJump b\nHost b\n ProxyJump a',
      {},
      'The jump hosts lead in a circle: pve:22 -> a:22 -> b:22 -> a:22.\n  why: Each of them is to be reached through the next.\n  fix: Set `ProxyJump none` for the outermost jump host in the ssh config.',
    ],
  ])('%s', (_title, config, settings, message) => {
    expect(() => route(config, settings)).toThrow(expect.objectContaining({ name: 'Refusal', message }));
  });
});
