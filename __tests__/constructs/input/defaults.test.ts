import { describe, expect, test } from 'vitest';
import { accept, complaints, GOOD_ENTRY, withBootstrap } from './good';

const ROOT_ENTRY = { endpoint: 'https://nuc.example.net:8006', api_token: 'root@pam!ci' };

describe('defaults of the file', () => {
  test('fill what an entry leaves out, also without a bootstrap of its own', () => {
    const { bootstrap: _, ...bare } = GOOD_ENTRY;
    const defaults = { role: 'r', preset: 'telmate', generation: '7', removal: 'retain', acl: [{ path: '/vms' }] };
    const entry = accept(bare, defaults);
    expect(entry.access).toMatchObject({ role: 'r', preset: 'telmate', acl: [{ path: '/vms', propagate: true }] });
    expect([entry.generation, entry.removal]).toEqual(['7', 'retain']);
  });

  test('yield to the entry, and merge in ssh and its timeouts', () => {
    const defaults = { generation: '7', ssh: { user: 'ops', port: 2222, timeouts: { connect: 5, lock: 5 } } };
    const own = withBootstrap({ ...GOOD_ENTRY.bootstrap, generation: '8', ssh: { port: 22, timeouts: { lock: 9 } } });
    const { generation, ssh } = accept(own, defaults);
    expect(generation).toBe('8');
    expect(ssh).toEqual({
      host: 'nuc.example.net',
      port: 22,
      user: 'ops',
      timeouts: { connect: 5, command: 60, lock: 9 },
    });
  });

  test('are replaced, not joined, in lists', () => {
    const own = withBootstrap({ ...GOOD_ENTRY.bootstrap, acl: [{ path: '/vms' }] });
    expect(accept(own, { acl: [{ path: '/' }] }).access.acl).toEqual([{ path: '/vms', propagate: true }]);
  });

  test.each([
    ['a preset of the defaults yields to privileges', { role: 'r', privileges: ['VM.Audit'] }, { preset: 'opentofu' }],
    ['privileges of the defaults yield to a preset', { role: 'r', preset: 'csi' }, { privileges: ['VM.Audit'] }],
    ['a built-in preset of the defaults yields to a role', { role: 'r', preset: 'csi' }, { preset: 'administrator' }],
  ])('%s', (_, own, defaults) => {
    expect(accept(withBootstrap(own), defaults).access).toMatchObject(own);
  });

  test('with a role and a preset yield to a preset that is a built-in role', () => {
    const { access } = accept(withBootstrap({ preset: 'exporter' }), { role: 'r', preset: 'opentofu' });
    expect(access).toMatchObject({ role: 'PVEAuditor' });
    expect(access.preset).toBeUndefined();
  });

  test('with a preset yield to a role that is built in', () => {
    const { access } = accept(withBootstrap({ role: 'PVEAdmin' }), { preset: 'opentofu', privileges: ['VM.Audit'] });
    expect(access).toMatchObject({ role: 'PVEAdmin' });
    expect(access.preset ?? access.privileges).toBeUndefined();
  });

  test('of a built-in preset leave a role without privileges to the entry', () => {
    expect(complaints(withBootstrap({ role: 'r' }), { preset: 'administrator' })).toEqual([
      'lab: nuc.bootstrap.role: has no privileges',
    ]);
  });

  test('on access leave root@pam alone', () => {
    const { access } = accept(ROOT_ENTRY, { role: 'r', preset: 'opentofu', acl: [{ path: '/' }] });
    expect(access).toEqual({ acl: [] });
  });

  test('on access leave an entry alone that leaves it to others', () => {
    const own = { ...GOOD_ENTRY, bootstrap: { manage_access: false } };
    const { access } = accept(own, { role: 'r', preset: 'opentofu', acl: [{ path: '/' }], expire: 0 });
    expect(access).toEqual({ acl: [], expire: 0 });
  });

  test('that leave access to others yield to an entry that says so', () => {
    const own = withBootstrap({ ...GOOD_ENTRY.bootstrap, manage_access: true });
    expect(accept(own, { manage_access: false }).access).toMatchObject({ role: 'ci-role' });
  });

  test('with a CA file leave an insecure entry alone', () => {
    const { verify } = accept({ ...ROOT_ENTRY, insecure: true }, { ca_file: 'ca.pem' });
    expect(verify).toEqual({ endpoint: ROOT_ENTRY.endpoint, insecure: true });
  });

  test('that are wrong are told at their own place', () => {
    expect(complaints(GOOD_ENTRY, { ssh: { port: 0 }, on_existing: 'adop' })).toEqual([
      'lab: bootstrap.ssh.port: is not a whole number from 1 to 65535, got: 0',
      'lab: bootstrap.on_existing: is not one of its values, got: "adop"',
    ]);
  });
});
