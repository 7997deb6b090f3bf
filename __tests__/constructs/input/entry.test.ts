import { describe, expect, test } from 'vitest';
import { checkEntry } from '../../../constructs/input/check';
import { PRESETS } from '../../../contract/presets';
import { accept, complaints, GOOD_ENTRY, withBootstrap } from './good';

describe('an entry', () => {
  test('gets every default', () => {
    expect(accept(GOOD_ENTRY)).toEqual({
      name: 'nuc',
      attributes: { endpoint: 'https://nuc.example.net:8006', api_token: 'opentofu@pve!ci' },
      identity: 'opentofu@pve!ci',
      ssh: { host: 'nuc.example.net', timeouts: { connect: 20, command: 60, lock: 60 } },
      access: {
        role: 'ci-role',
        preset: 'opentofu',
        acl: [{ path: '/', propagate: true }],
      },
      onExisting: 'adopt',
      removal: 'revoke',
      generation: '1',
      retain: [],
      verify: { endpoint: 'https://nuc.example.net:8006', insecure: false },
    });
  });

  test('keeps every value that it gives', () => {
    const host_key = [`SHA256:${'a'.repeat(43)}`, `SHA256:${'b'.repeat(43)}`];
    const bootstrap = {
      role: 'ci-role',
      privileges: ['VM.Audit', 'VM.Clone'],
      acl: [{ path: '/vms/100' }, { path: '/pool/lab', propagate: false }],
      privilege_separation: true,
      expire: '2027-12-31',
      comment: 'for the CI',
      change_others: true,
      generation: 2,
      retain: ['opentofu@pve!old'],
      on_existing: 'fail',
      removal: 'retain',
      verify: true,
      ca_file: 'ca/nuc.pem',
      ssh: {
        host: 'fd00::37',
        port: 2222,
        user: 'admin',
        identity_file: '~/.ssh/lab',
        host_key,
        jump: 'root@bastion:22,[fd00::1]:2200',
        sudo: true,
        timeouts: { connect: 1, command: 600, lock: 0 },
      },
    };
    expect(accept(withBootstrap(bootstrap, { username: 'root' }))).toEqual({
      name: 'nuc',
      attributes: { endpoint: 'https://nuc.example.net:8006', api_token: 'opentofu@pve!ci', username: 'root' },
      identity: 'opentofu@pve!ci',
      ssh: bootstrap.ssh,
      access: {
        role: 'ci-role',
        privileges: ['VM.Audit', 'VM.Clone'],
        acl: [
          { path: '/vms/100', propagate: true },
          { path: '/pool/lab', propagate: false },
        ],
        privilege_separation: true,
        expire: Date.UTC(2027, 11, 31) / 1000,
        comment: 'for the CI',
        change_others: true,
      },
      onExisting: 'fail',
      removal: 'retain',
      generation: '2',
      retain: ['opentofu@pve!old'],
      verify: { endpoint: 'https://nuc.example.net:8006', insecure: false, ca_file: 'ca/nuc.pem' },
    });
  });

  test("passes keys of the user's own through, in their order, nulls and nested values included", () => {
    const own = { zone: null, tags: ['a', { deep: [1, 2.5, true] }], ...GOOD_ENTRY, node_name: 'nuc' };
    const { attributes } = accept(own);
    expect(Object.keys(attributes)).toEqual(['zone', 'tags', 'endpoint', 'api_token', 'node_name']);
    expect(attributes).toMatchObject({ zone: null, tags: ['a', { deep: [1, 2.5, true] }] });
  });

  test('takes undefined for absent, as props of a construct may be', () => {
    const { attributes, ssh } = accept({ ...GOOD_ENTRY, username: undefined, insecure: undefined });
    expect(Object.keys(attributes)).toEqual(['endpoint', 'api_token']);
    expect(ssh.user).toBeUndefined();
  });

  test.each([() => 1, 1n, Number.NaN, Symbol('x')])('refuses what a tfvars file cannot hold: %s', (value) => {
    expect(complaints({ ...GOOD_ENTRY, extra: [value] })).toHaveLength(1);
  });

  test('of root@pam without privilege separation has no role and no ACL', () => {
    const { access } = accept({ endpoint: 'https://nuc.example.net', api_token: 'root@pam!ci' });
    expect(access).toEqual({ acl: [] });
  });

  test('of root@pam with privilege separation has both', () => {
    const bootstrap = { privilege_separation: true, role: 'r', preset: 'tofu-minimal' };
    const { access } = accept(withBootstrap(bootstrap, { api_token: 'root@pam!ci' }));
    expect(access).toMatchObject({ role: 'r', preset: 'tofu-minimal', acl: [{ path: '/', propagate: true }] });
  });

  test.each(['opentofu@pve!ci', 'root@pam!ci'])('of %s can leave user, role and ACL to others', (api_token) => {
    const { access } = accept(withBootstrap({ manage_access: false }, { api_token }));
    expect(access).toEqual({ acl: [] });
    const separated = accept(withBootstrap({ manage_access: false, privilege_separation: true }, { api_token }));
    expect(separated.access).toEqual({ acl: [], privilege_separation: true });
  });

  test.each(Object.entries(PRESETS))('takes the preset %s', (preset, definition) => {
    if ('builtIn' in definition) {
      const { access } = accept(withBootstrap({ preset }));
      expect(access).toMatchObject({ role: definition.builtIn });
      expect(access.preset).toBeUndefined();
    } else {
      expect(accept(withBootstrap({ role: 'r', preset })).access).toMatchObject({ role: 'r', preset });
    }
  });

  test('takes a built-in role as it is', () => {
    expect(accept(withBootstrap({ role: 'PVEAuditor' })).access).toMatchObject({ role: 'PVEAuditor' });
  });

  test('is not verified on demand', () => {
    expect(accept(withBootstrap({ preset: 'administrator', verify: false })).verify).toBeUndefined();
  });
});

describe('an expiry', () => {
  test('is left as it is unless the entry says one', () => {
    expect(accept(GOOD_ENTRY).access.expire).toBeUndefined();
  });

  test.each([
    [0, 0],
    [1_830_297_600, 1_830_297_600],
    ['2027-12-31', 1_830_211_200],
    ['2027-12-31T00:00:00Z', 1_830_211_200],
    ['2027-12-31T18:00:00+01:00', 1_830_272_400],
    ['2027-12-31t18:00:00.5z', 1_830_276_000.5],
    ['2001-01-01', 978_307_200],
  ])('%s is %s', (expire, seconds) => {
    expect(accept(withBootstrap({ preset: 'administrator', expire })).access.expire).toBe(Math.floor(seconds));
  });

  test.each(['', '2027', '2027-13-01', '2027-12-31 18:00', '2027-12-31T18:00:00', '2027-12-31T25:00:00Z', 1.5, true])(
    '%s is none',
    (expire) => {
      expect(complaints(withBootstrap({ preset: 'administrator', expire }))).toHaveLength(1);
    },
  );
});

describe('the user of SSH', () => {
  const ssh = (entry: Record<string, unknown>, defaults?: unknown) =>
    accept({ ...GOOD_ENTRY, ...entry }, defaults).ssh.user;
  const bootstrap = (user: string) => ({ ...GOOD_ENTRY.bootstrap, ssh: { user } });

  test('is left to ~/.ssh/config when nothing is said', () => expect(ssh({})).toBeUndefined());
  test('is the username', () => expect(ssh({ username: 'admin' })).toBe('admin'));
  test('is ssh.user rather than the username, which then only passes through', () => {
    expect(ssh({ username: 'root@pam', bootstrap: bootstrap('admin') })).toBe('admin');
  });
  test('is the ssh.user of the defaults rather than the username', () => {
    expect(ssh({ username: 'root' }, { ssh: { user: 'ops' } })).toBe('ops');
  });
});

test('the names of the blocks of a stack are refused for a single entry as well', () => {
  const found = checkEntry('Sweep', GOOD_ENTRY, undefined, { source: 'lab', path: ['Sweep'] });
  expect(found).toMatchObject([{ place: 'lab: Sweep', what: 'is a reserved name' }]);
});

test('an IPv6 endpoint gives the SSH host without brackets', () => {
  expect(accept({ ...GOOD_ENTRY, endpoint: 'https://[fd00::37]:8006/' }).ssh.host).toBe('fd00::37');
});

test('the endpoint keeps its text', () => {
  const { attributes, verify } = accept({ ...GOOD_ENTRY, endpoint: 'https://NUC.example.net/' });
  expect([attributes.endpoint, verify?.endpoint]).toEqual(['https://NUC.example.net/', 'https://NUC.example.net/']);
});
