import { describe, expect, test } from 'vitest';
import type { AccessSettings } from '../../../contract/settings';
import { RELEASES, type SimulatedNode } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, type Entry, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, refusalOf } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const ROOT_TOKEN = 'root@pam!opentofu-token';
const operator = () => anOperator(temporaryFolder());
const deployed = (node: SimulatedNode, entry: Entry = {}) => deploy(settingsFor(node, entry), operator());
const withAccess = (access: Partial<AccessSettings>): Entry => ({ access });
const tokenLine = (node: SimulatedNode, identity = IDENTITY) =>
  nodeFiles(node)
    .user.split('\n')
    .find((line) => line.startsWith(`token:${identity}:`))
    ?.replace(/\[.*\]/, '[]');

describe.each(RELEASES)('on release %s', (release) => {
  test('privilege separation is switched on and off again, the secret unchanged, the token working throughout', async () => {
    const node = await aNode({ release });
    const secret = await deployed(node);
    expect(await deployed(node, withAccess({ privilege_separation: true }))).toBe(secret);
    expect(tokenLine(node)).toBe(`token:${IDENTITY}:0:1:[]:`);
    expect(nodeFiles(node).user).toContain(`acl:1:/:opentofu@pve,${IDENTITY}:opentofu-role:`);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
    expect(await deployed(node)).toBe(secret);
    expect(tokenLine(node)).toBe(`token:${IDENTITY}:0:0:[]:`);
    expect(nodeFiles(node).user).toContain('acl:1:/:opentofu@pve:opentofu-role:');
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
  });

  test('expiry and comment change in place, the secret unchanged', async () => {
    const node = await aNode({ release });
    const secret = await deployed(node, withAccess({ comment: 'CI: 100% "ours"' }));
    // Before 8 a node takes a percent sign and two digits in a comment for an escape; this is none.
    expect(tokenLine(node)).toMatch(/^token:.*:0:0:CI%3A 100%(25)? "ours" \[\]:$/);
    const expire = Math.floor(Date.now() / 1000) + 3600;
    expect(await deployed(node, withAccess({ comment: 'CD', expire }))).toBe(secret);
    expect(tokenLine(node)).toBe(`token:${IDENTITY}:${expire}:0:CD []:`);
    expect(await deployed(node, withAccess({ expire: 0 }))).toBe(secret);
    expect(tokenLine(node)).toBe(`token:${IDENTITY}:0:0:CD []:`);
  });

  test('a privilege that is taken out is gone, one that is put in is there', async () => {
    const node = await aNode({ release });
    const only = (...privileges: string[]) => withAccess({ preset: undefined, privileges });
    const secret = await deployed(node, only('VM.Audit', 'VM.Clone'));
    expect(await deployed(node, only('VM.Audit', 'VM.Backup'))).toBe(secret);
    expect(nodeFiles(node).user).toContain('role:opentofu-role:VM.Audit,VM.Backup:');
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Audit', 'VM.Backup'])).toBe(true);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(false);
  });

  test.each([false, true])('ACL paths come and go, privilege separation %s', async (privilege_separation) => {
    const node = await aNode({ release });
    const paths = (...acl: [string, boolean][]) =>
      withAccess({ privilege_separation, acl: acl.map(([path, propagate]) => ({ path, propagate })) });
    const secret = await deployed(node, paths(['/vms', true], ['/storage/local', true]));
    expect(await deployed(node, paths(['/vms', false], ['/pool/lab', true]))).toBe(secret);
    const who = privilege_separation ? `opentofu@pve,${IDENTITY}` : 'opentofu@pve';
    const acl = nodeFiles(node)
      .user.split('\n')
      .filter((line) => line.startsWith('acl:'));
    expect(acl.sort()).toEqual([`acl:0:/vms:${who}:opentofu-role:`, `acl:1:/pool/lab:${who}:opentofu-role:`]);
    expect(await accepts(node, IDENTITY, secret, '/vms', ['VM.Clone'])).toBe(true);
    expect(await accepts(node, IDENTITY, secret, '/storage/local')).toBe(false);
  });

  test.each([false, true])('role and path change at once, privilege separation %s', async (privilege_separation) => {
    const node = await aNode({ release });
    const give = (role: string, path: string, privilege: string) => {
      const list = { preset: undefined, privileges: [privilege] };
      return deployed(node, withAccess({ ...list, role, privilege_separation, acl: [{ path, propagate: true }] }));
    };
    const secret = await give('opentofu-role', '/', 'VM.Clone');
    expect(await give('narrow-role', '/vms', 'VM.Audit')).toBe(secret);
    expect(nodeFiles(node).user).not.toContain('opentofu-role');
    expect(await accepts(node, IDENTITY, secret, '/vms', ['VM.Audit'])).toBe(true);
    expect(await accepts(node, IDENTITY, secret, '/')).toBe(false);
  });

  test('a token of root@pam with privilege separation has its role and nothing more', async () => {
    const node = await aNode({ release });
    const settings = settingsFor(node, { identity: ROOT_TOKEN, access: { privilege_separation: true } });
    const secret = await deploy(settings, operator());
    expect(await accepts(node, ROOT_TOKEN, secret, '/', ['VM.Clone'])).toBe(true);
    expect(await accepts(node, ROOT_TOKEN, secret, '/', ['Sys.Modify'])).toBe(false);
    expect(nodeFiles(node).user).toContain(`acl:1:/:${ROOT_TOKEN}:opentofu-role:`);
    await runVerb('revoke', settings, operator());
    expect(nodeFiles(node).user.trim()).toBe('user:root@pam:1:0:::root@example.invalid:::');
  });

  test('a token of root@pam without privilege separation has everything, and takes one write', async () => {
    const node = await aNode({ release });
    const secret = await deployed(node, { identity: ROOT_TOKEN });
    expect(await accepts(node, ROOT_TOKEN, secret, '/', ['Sys.Modify', 'VM.Clone'])).toBe(true);
    expect(node.pveumRuns()).toHaveLength(1);
  });

  test('of root@pam, privilege separation is switched both ways, the secret unchanged', async () => {
    const node = await aNode({ release });
    const secret = await deployed(node, { identity: ROOT_TOKEN });
    expect(await deployed(node, { identity: ROOT_TOKEN, access: { privilege_separation: true } })).toBe(secret);
    expect(await accepts(node, ROOT_TOKEN, secret, '/', ['Sys.Modify'])).toBe(false);
    expect(await deployed(node, { identity: ROOT_TOKEN })).toBe(secret);
    expect(await accepts(node, ROOT_TOKEN, secret, '/', ['Sys.Modify'])).toBe(true);
    expect(nodeFiles(node).user).not.toContain('opentofu-role');
  });

  test.each([
    ['Administrator', ['Sys.Modify']],
    ['PVEVMAdmin', ['VM.Clone']],
    ['PVEAuditor', ['Sys.Audit']],
  ])('the built-in role %s is given and never written', async (role, privileges) => {
    const node = await aNode({ release });
    const settings = settingsFor(node, { access: { role, preset: undefined } });
    const secret = await deploy(settings, operator());
    expect(await accepts(node, IDENTITY, secret, '/', privileges)).toBe(true);
    expect(node.pveumRuns().some((run) => run.argv[0] === 'role' && run.writes)).toBe(false);
    await runVerb('revoke', settings, operator());
    expect(nodeFiles(node).user.trim()).toBe('user:root@pam:1:0:::root@example.invalid:::');
  });

  test('a built-in role that the release does not have is refused before anything is written', async () => {
    const node = await aNode({ release });
    const before = nodeFiles(node);
    const settings = settingsFor(node, { access: { role: 'PVENothing', preset: undefined } });
    expect((await refusalOf(runVerb('access', settings, operator()))).code).toBe('ROLE_MISSING');
    expect(nodeFiles(node)).toEqual(before);
  });
});

describe('VM.Monitor', () => {
  const listed = withAccess({ preset: undefined, privileges: ['VM.Audit', 'VM.Monitor'] });

  test.each(['9.0', '9.1'] as const)('is refused on %s by both verbs, before anything is written', async (release) => {
    const node = await aNode({ release });
    for (const verb of ['access', 'token'] as const) {
      const { code, fix } = await refusalOf(runVerb(verb, settingsFor(node, listed), operator()));
      expect([code, fix.slice(0, 30)]).toEqual(['PRIVILEGES_UNKNOWN', 'Proxmox VE 9 has no VM.Monitor']);
    }
    expect(node.pveumRuns().filter((run) => run.writes)).toEqual([]);
  });

  test.each(['7.4', '8.4'] as const)('is given on %s', async (release) => {
    const node = await aNode({ release });
    expect(await accepts(node, IDENTITY, await deployed(node, listed), '/', ['VM.Monitor'])).toBe(true);
  });
});
