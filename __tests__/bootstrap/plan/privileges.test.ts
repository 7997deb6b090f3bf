import { describe, expect, test } from 'vitest';
import { knownPrivileges, resolvePrivileges } from '../../../bootstrap/plan/privileges';
import type { AccessSettings } from '../../../contract/settings';
import { refusalOf } from '../support';

const ACCESS = { role: 'r', acl: [], privilege_separation: false, expire: 0 };
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
    expect(resolve({ preset: 'capmox' })).toBeUndefined();
  });

  test("are held against the node's own list, which is what Administrator has", () => {
    const roles = new Map([['Administrator', { roleid: 'Administrator', privileges: KNOWN }]]);
    expect(knownPrivileges(roles)).toBe(KNOWN);
    expect(knownPrivileges(new Map()).size).toBe(0);
  });
});

describe('what the node does not know is refused, all of it at once', () => {
  test('with the way out for VM.Monitor on 9', async () => {
    const refusal = await refusalOf(() => resolve({ privileges: ['VM.Audit', 'VM.Monitor'] }));
    expect(refusal.message).toBe(
      [
        'The node does not know the privilege VM.Monitor.',
        '  why: Nothing was changed: the node refuses a role with a privilege that its release does not have.',
        '  fix: Proxmox VE 9 has no VM.Monitor: take it out of `privileges` (VM.GuestAgent.Audit stands for its guest agent part), or use a preset, which knows the releases.',
      ].join('\n'),
    );
  });

  test('with where to look for any other', async () => {
    const refusal = await refusalOf(() => resolve({ privileges: ['VM.Nope', 'Sys.Audit', 'vm.audit'] }));
    expect(refusal.message).toBe(
      [
        'The node does not know the privileges VM.Nope, vm.audit.',
        '  why: Nothing was changed: the node refuses a role with a privilege that its release does not have.',
        '  fix: Correct `privileges` (names are case-sensitive; `pveum role list` on the node shows them at Administrator), or use a preset.',
      ].join('\n'),
    );
  });

  test('and of a preset as well', async () => {
    const refusal = await refusalOf(() => resolve({ preset: 'ccm' }, new Set(['VM.Audit'])));
    expect(refusal.message).toBe(
      [
        'Preset `ccm` needs privileges that the node does not know: Sys.Audit.',
        '  why: Nothing was changed: the node refuses a role with a privilege that its release does not have.',
        '  fix: Give the entry `privileges = [...]` with names that this release knows (`pveum role list` shows them at Administrator).',
      ].join('\n'),
    );
  });
});
