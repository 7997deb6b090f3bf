import { describe, expect, test } from 'vitest';
import { checkPaths, knownPrivileges, resolvePrivileges, surelyHeld } from '../../../bootstrap/plan/privileges';
import type { AccessSettings } from '../../../contract/settings';

const ACCESS = { role: 'r', acl: [] };
const KNOWN = new Set(['VM.Audit', 'VM.Clone', 'Sys.Audit', 'VM.GuestAgent.Audit']);
const resolve = (over: Partial<AccessSettings>, known: ReadonlySet<string> = KNOWN) =>
  resolvePrivileges({ ...ACCESS, ...over }, known);

describe('the privileges that an entry means', () => {
  test('are its list, sorted, each once', () => {
    expect(resolve({ privileges: ['VM.Clone', 'VM.Audit', 'VM.Clone'] })).toEqual(['VM.Audit', 'VM.Clone']);
    expect(resolve({ privileges: [] })).toEqual([]);
  });

  test("are its preset's, with those that come and go where the node knows them", () => {
    expect(resolve({ preset: 'ccm' })).toEqual(['Sys.Audit', 'VM.Audit', 'VM.GuestAgent.Audit']);
    expect(resolve({ preset: 'ccm' }, new Set(['VM.Audit', 'Sys.Audit']))).toEqual(['Sys.Audit', 'VM.Audit']);
  });

  test('are none to set where the role is built in', () => {
    expect(resolve({})).toBeUndefined();
    expect(resolve({ preset: 'exporter' })).toBeUndefined();
  });

  test("are held against the node's own list, which is what Administrator has", () => {
    const roles = new Map([['Administrator', { roleid: 'Administrator', privileges: KNOWN }]]);
    expect(knownPrivileges(roles)).toBe(KNOWN);
    expect(knownPrivileges(new Map()).size).toBe(0);
  });
});

test('what the node does not know is refused, all of it at once', () => {
  expect(() => resolve({ privileges: ['VM.Nope', 'Sys.Audit', 'vm.audit'] })).toThrow(
    'the privileges VM.Nope, vm.audit.',
  );
  expect(() => resolve({ privileges: ['VM.Audit', 'VM.Monitor'] })).toThrow('Proxmox VE 9 has no VM.Monitor');
  expect(() => resolve({ preset: 'ccm' }, new Set(['VM.Audit']))).toThrow(
    'needs privileges that the node does not know: Sys.Audit.',
  );
});

test('a path of resource mappings is refused where the node knows no privilege for them', () => {
  const acl = ['/', '/mapping/pci/gpu'].map((path) => ({ path, propagate: true }));
  expect(() => checkPaths(acl, KNOWN)).toThrow('no ACL path `/mapping/pci/gpu`');
  checkPaths(acl, new Set([...KNOWN, 'Mapping.Use']));
  checkPaths(acl.slice(0, 1), KNOWN);
});

test('a role surely holds what it names, but for what release 9 has withdrawn', () => {
  expect(surelyHeld({ roleid: 'r', privileges: new Set(['VM.Audit', 'VM.Monitor']) })).toEqual(['VM.Audit']);
  expect(surelyHeld(undefined)).toEqual([]);
});
