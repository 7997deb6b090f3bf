import { describe, expect, test } from 'vitest';

import { type Answer, parseAnswer } from '../../../../bootstrap/ssh/config/answer';
import type { Query } from '../../../../bootstrap/ssh/config/ask';
import { planRoute } from '../../../../bootstrap/ssh/config/route';
import type { SshSettings } from '../../../../contract/settings';
import { refusalOf } from '../../support';

const MACHINE = {
  home: '/home/me',
  project: '/srv/infra',
  localUser: 'me',
  agentSocket: '/run/agent',
  ssh: { home: '/home/me', environment: { OTHER_SOCK: '/run/other' } },
};

/** What `ssh -G` would say of each host, but for its name; of the others that they are as they are called. */
type Config = Readonly<Record<string, string>>;

function route(config: Config, settings: Partial<SshSettings> = {}) {
  const ask = async ({ host, port, user, jump }: Query): Promise<Answer> => {
    const own = [`port ${port ?? 22}`, `user ${user ?? 'me'}`, ...(jump === undefined ? [] : [`proxyjump ${jump}`])];
    // What was asked with wins, as in `ssh`.
    const said = (config[host] ?? '').split('\n').filter((line) => jump === undefined || !line.startsWith('proxyjump'));
    const first = (keyword: string) => said.some((line) => line.startsWith(`${keyword} `));
    return parseAnswer([...said, ...(first('hostname') ? [] : [`hostname ${host}`]), ...own].join('\n'));
  };
  return planRoute({ host: 'pve', timeouts: { connect: 20, command: 60, lock: 30 }, ...settings }, MACHINE, ask);
}

const node = async (said: string, settings: Partial<SshSettings> = {}) => (await route({ pve: said }, settings)).at(-1);
const places = async (config: Config, settings: Partial<SshSettings> = {}) =>
  (await route(config, settings)).map((stop) => stop.place);

describe('what `ssh` says of the node', () => {
  test.each<[string, string, Partial<SshSettings>, Record<string, unknown>]>([
    [
      'is its name, its port and its user',
      'hostname 10.0.0.1\nport 2222\nuser admin',
      {},
      { host: '10.0.0.1', port: 2222, user: 'admin', hostKeyName: '[10.0.0.1]:2222', hostKeyFallback: '10.0.0.1' },
    ],
    ['may be nothing much', '', {}, { host: 'pve', port: 22, rsaBits: 1024, family: 0, identitiesOnly: false }],
    ['lets all methods be tried', '', {}, { methods: ['publickey', 'password', 'keyboard-interactive'] }],
    ['may forbid passwords', 'passwordauthentication no', {}, { methods: ['publickey'] }],
    ['may want no questions', 'batchmode yes', {}, { methods: ['publickey'] }],
    ['may forbid dialogues', 'kbdinteractiveauthentication no', {}, { methods: ['publickey', 'password'] }],
    [
      'may forbid them as it was called',
      'challengeresponseauthentication no',
      {},
      { methods: ['publickey', 'password'] },
    ],
    ['may forbid keys', 'pubkeyauthentication false', {}, { methods: ['password', 'keyboard-interactive'] }],
    [
      'may name the methods in an order',
      'preferredauthentications gssapi-with-mic,password,publickey',
      {},
      { methods: ['password', 'publickey'] },
    ],
    ['may leave the agent to the named keys', 'identitiesonly true', {}, { identitiesOnly: true }],
    ['may rule the agent out', 'identityagent none', {}, { agentSocket: undefined }],
    ['may name the usual agent', 'identityagent SSH_AUTH_SOCK', {}, { agentSocket: '/run/agent' }],
    ['may name an agent’s socket', 'identityagent ~/my agent', {}, { agentSocket: '/home/me/my agent' }],
    ['may name a variable', 'identityagent $OTHER_SOCK', {}, { agentSocket: '/run/other' }],
    ['may name keys', 'identityfile /a b\nidentityfile /c', {}, { identityFiles: [{ path: '/a b' }, { path: '/c' }] }],
    [
      'gives way to the settings’ key, which is then the only one',
      'identityfile /a',
      { identity_file: 'keys/pve' },
      { identityFiles: [{ path: '/srv/infra/keys/pve', explicit: true }], identitiesOnly: true },
    ],
    ['has an alias in known_hosts, without a port', 'hostkeyalias PVE-lab\nport 7', {}, { hostKeyName: 'pve-lab' }],
    [
      'names files on one line, blanks and all',
      'userknownhostsfile /home/me/a b /c ~/d\nglobalknownhostsfile none\nrevokedhostkeys /r s',
      {},
      { knownHostsFiles: ['/home/me/a b', '/c', '/home/me/d'], revokedFiles: ['/r s'] },
    ],
    ['names lists of algorithms', 'ciphers a,b\nmacs c', {}, { algorithms: { cipher: ['a', 'b'], hmac: ['c'] } }],
    [
      'names the algorithms of keys as releases before 8.5 do',
      'pubkeyacceptedkeytypes ssh-ed25519',
      {},
      { algorithms: { publicKey: ['ssh-ed25519'] } },
    ],
    ['has a limit for RSA', 'requiredrsasize 3072', {}, { rsaBits: 3072 }],
    [
      'has a family and an address to come from',
      'addressfamily inet6\nbindaddress ::1',
      {},
      { family: 6, localAddress: '::1' },
    ],
    [
      'has no keepalive by default, and ours stays',
      'serveraliveinterval 0',
      {},
      { keepalive: { seconds: 10, count: 3 } },
    ],
    [
      'has a keepalive of its own',
      'serveraliveinterval 5\nserveralivecountmax 9',
      {},
      { keepalive: { seconds: 5, count: 9 } },
    ],
    ['has a time limit, where the settings always have theirs', 'connecttimeout 5', {}, { connectSeconds: 20 }],
    [
      'has ways to log in that we have not',
      'certificatefile /c.pub\npkcs11provider /p.so',
      {},
      {
        unused: [
          '/c.pub is not used: user certificates are not supported',
          'PKCS11Provider /p.so is not used: add its keys to the SSH agent',
        ],
      },
    ],
    ['may end its lines as on Windows', 'port 7\r\nuser admin\r', {}, { port: 7, user: 'admin' }],
  ])('%s', async (_title, said, settings, expected) => {
    expect(await node(said, settings)).toMatchObject(expected);
  });

  test('an address in brackets is an address', async () => {
    expect((await route({}, { host: '[fe80::1]', user: 'root' }))[0]).toMatchObject({
      host: 'fe80::1',
      place: '`root@[fe80::1]:22`',
    });
  });
});

describe('a ProxyCommand', () => {
  const command = async (said: string, settings: Partial<SshSettings> = {}) =>
    (await node(said, settings))?.proxyCommand;

  test('has its tokens replaced, and the node’s place tells of it', async () => {
    const said = 'hostname 10.0.0.1\nport 7\nuser a$b\nhostkeyalias lab\nproxycommand nc %h:%p %n %r %k 100%%';
    expect(await command(said)).toBe('exec nc 10.0.0.1:7 pve a$b lab 100%');
    expect(await places({ pve: said })).toEqual(['`a$b@10.0.0.1:7` (via its ProxyCommand)']);
    expect(await command('proxycommand nc %k')).toBe('exec nc pve');
  });

  test.each([
    ['hostname x;reboot\nproxycommand nc %h', 'PROXY_WORD_UNSAFE'],
    ['hostname -oX\nproxycommand nc %h', 'PROXY_WORD_UNSAFE'],
    ['user `reboot`\nproxycommand nc -l %r', 'PROXY_WORD_UNSAFE'],
    ['hostkeyalias $(x)\nproxycommand nc %k', 'PROXY_WORD_UNSAFE'],
    ['proxycommand nc %d', 'PROXY_TOKEN_UNKNOWN'],
    ['proxycommand nc 100%', 'PROXY_TOKEN_UNKNOWN'],
  ])('of which a shell would make something else is refused: %j', async (said, code) => {
    expect((await refusalOf(node(said))).code).toBe(code);
  });

  test('says which name is the trouble', async () => {
    const { message } = await refusalOf(node('hostname a b\nproxycommand nc %h'));
    expect(message).toMatchInlineSnapshot(`
      "\`ProxyCommand\` of the ssh config would give \`pve\` to a shell with this name in it, got: a b
        why: A shell would act on some of its characters.
        fix: Give the host or the user another name, or write it into the \`ProxyCommand\`."
    `);
    expect((await refusalOf(node('proxycommand nc %z'))).message).toMatchInlineSnapshot(`
      "\`ProxyCommand\` of the ssh config for \`pve\` has an unknown token, got: %z
        why: \`ssh\` does not run it, either.
        fix: Use %h, %k, %n, %p or %r, and %% for a percent sign."
    `);
  });
});

describe('jump hosts', () => {
  test('are resolved one by one, each with what is said of it', async () => {
    const b1 = 'hostname 10.0.0.1\nuser ops\nconnecttimeout 5\nidentityfile /k1';
    const settings = { jump: 'b1,me2@b2:2200', user: 'root', host_key: ['SHA256:x', 'SHA256:y'], identity_file: '/k' };
    const stops = await route({ b1, b2: 'identityfile /k2' }, settings);
    expect(stops.map(({ place }) => place)).toEqual([
      '`ops@10.0.0.1:22` (jump host 1 of 2 to `pve:22`)',
      '`me2@b2:2200` (jump host 2 of 2 to `pve:22`)',
      '`root@pve:22` (via `10.0.0.1:22`, `b2:2200`)',
    ]);
    expect(stops.map(({ connectSeconds }) => connectSeconds)).toEqual([5, 20, 20]);
    expect(stops.map(({ pins }) => pins)).toEqual([[], [], ['SHA256:x', 'SHA256:y']]);
    expect(stops.map(({ methods }) => methods.length)).toEqual([1, 1, 3]);
    expect(stops.map(({ identityFiles }) => identityFiles[0]?.path)).toEqual(['/k1', '/k2', '/k']);
  });

  test.each<[string, Config, Partial<SshSettings>, string[]]>([
    [
      'of the config are followed',
      { pve: 'proxyjump b:7' },
      {},
      ['`me@b:7` (jump host 1 of 1 to `pve:22`)', '`me@pve:22` (via `b:7`)'],
    ],
    [
      'may have jump hosts of their own, which only the first one uses',
      { pve: 'proxyjump b,c', b: 'proxyjump a', c: 'proxyjump x' },
      {},
      [
        '`me@a:22` (jump host 1 of 3 to `pve:22`)',
        '`me@b:22` (jump host 2 of 3 to `pve:22`)',
        '`me@c:22` (jump host 3 of 3 to `pve:22`)',
        '`me@pve:22` (via `a:22`, `b:22`, `c:22`)',
      ],
    ],
    [
      'may be reached by a ProxyCommand',
      { pve: 'proxyjump b', b: 'proxycommand nc %h %p' },
      {},
      ['`me@b:22` (jump host 1 of 1 to `pve:22`)', '`me@pve:22` (via its ProxyCommand, `b:22`)'],
    ],
    [
      'may have an IPv6 address, and a user with an at sign',
      {},
      { jump: 'ssh://a@b@[::1]:7' },
      ['`a@b@[::1]:7` (jump host 1 of 1 to `pve:22`)', '`me@pve:22` (via `[::1]:7`)'],
    ],
  ])('%s', async (_title, config, settings, expected) => {
    expect(await places(config, settings)).toEqual(expected);
  });

  test('that are none are refused', async () => {
    expect((await refusalOf(route({}, { jump: 'a,b:x' }))).message).toMatchInlineSnapshot(`
      "The jump hosts are not valid, got: b:x
        why: They come from \`ssh.jump\` in the entry, or from \`ProxyJump\` in the ssh config.
        fix: Use [user@]host[:port], comma-separated, or "none". Put IPv6 addresses in brackets."
    `);
  });

  test('that form a loop are refused', async () => {
    const config = { pve: 'proxyjump a', a: 'proxyjump a,b', b: 'proxyjump a' };
    expect((await refusalOf(route(config))).message).toMatchInlineSnapshot(`
      "The jump hosts form a loop: pve -> a -> b -> a.
        why: Each of them is reached through the next one.
        fix: Set \`ProxyJump none\` for the outermost jump host in the ssh config."
    `);
  });

  test('that come up twice are no loop yet', async () => {
    expect(await places({ pve: 'proxyjump a,b,a' })).toHaveLength(4);
  });
});

describe('what would change the way or the trusted keys and is not supported', () => {
  test.each([
    ['bindinterface tun0', '`BindInterface`'],
    ['bindaddress my.example', '`BindAddress`'],
    ['proxycommand -', '`ProxyCommand`'],
    ['proxycommand nc\nproxyusefdpass yes', '`ProxyUseFdpass`'],
    ['knownhostscommand /bin/keys %H', '`KnownHostsCommand`'],
  ])('is refused: %j', async (said, option) => {
    const refusal = await refusalOf(node(said));
    expect([refusal.code, refusal.what]).toEqual(['SSH_OPTION_UNSUPPORTED', expect.stringContaining(option)]);
  });

  test('is refused with the option and its value', async () => {
    expect((await refusalOf(node('knownhostscommand /bin/keys \u001b[2Jü'))).message).toMatchInlineSnapshot(`
      "The ssh config sets \`KnownHostsCommand\` for \`pve\`, which is not supported, got: /bin/keys ?[2J?
        why: Without it another machine could be reached, or another host key trusted.
        fix: Change \`KnownHostsCommand\` for this host in the ssh config. With PROXMOX_SSH_CONFIG=none no config is read, and the entry says it all."
    `);
  });

  test.each(['proxyusefdpass yes', 'knownhostscommand none', 'bindinterface tun0\nproxyjump b'])(
    'is no matter where it has no effect: %j',
    async (said) => expect(await node(said)).toMatchObject({ host: 'pve' }),
  );
});
