import { describe, expect, test } from 'vitest';
import { knownPrivileges, resolvePrivileges } from '../../bootstrap/plan/privileges';
import { checkPrivilege, isBuiltInRole } from '../../contract/identifiers';
import { PRESETS } from '../../contract/presets';
import { RELEASES, type Release } from '../../simulator/node';
import { privilegesOf } from '../../simulator/pveum/privileges';

const ACCESS = { role: 'ci-role', acl: [{ path: '/', propagate: true }], privilege_separation: false, expire: 0 };

const knownOn = (release: Release) => {
  const { specialRoles } = privilegesOf(release);
  return knownPrivileges(new Map([...specialRoles].map(([roleid, privileges]) => [roleid, { roleid, privileges }])));
};
const resolve = (preset: string, release: Release) => resolvePrivileges({ ...ACCESS, preset }, knownOn(release)) ?? [];

const OPENTOFU = [
  ...['Datastore.AllocateSpace', 'Datastore.Audit', 'VM.Allocate', 'VM.Audit', 'VM.Clone', 'VM.Config.CDROM'],
  ...['VM.Config.CPU', 'VM.Config.Cloudinit', 'VM.Config.Disk', 'VM.Config.HWType', 'VM.Config.Memory'],
  ...['VM.Config.Network', 'VM.Config.Options'],
];

describe.each(RELEASES)('on release %s', (release) => {
  test.each(Object.entries(PRESETS))('the preset %s means something that the node knows', (name, preset) => {
    if ('builtIn' in preset) {
      expect(isBuiltInRole(preset.builtIn)).toBe(true);
      expect(privilegesOf(release).specialRoles.has(preset.builtIn)).toBe(true);
      expect(resolvePrivileges({ ...ACCESS, preset: name }, knownOn(release))).toBeUndefined();
      return;
    }
    const privileges = resolve(name, release);
    expect(privileges).toEqual([...new Set(privileges)].sort());
    expect(privileges).toEqual(expect.arrayContaining([...preset.privileges]));
    for (const privilege of privileges) {
      expect(checkPrivilege(privilege)).toBeUndefined();
      expect(privilegesOf(release).valid.has(privilege)).toBe(true);
    }
  });
});

describe('opentofu', () => {
  test.each(['7.4', '8.4'] as const)('has 15 privileges on %s, VM.Monitor among them', (release) => {
    expect(resolve('opentofu', release)).toEqual([...OPENTOFU, 'VM.Monitor', 'VM.PowerMgmt']);
  });

  test.each(['9.0', '9.1'] as const)('has 15 privileges on %s, VM.GuestAgent.Audit for VM.Monitor', (release) => {
    expect(resolve('opentofu', release)).toEqual([...OPENTOFU, 'VM.GuestAgent.Audit', 'VM.PowerMgmt']);
  });
});

test.each([
  ['7.4', 13],
  ['8.4', 14],
  ['9.0', 14],
  ['9.1', 14],
] as const)('tofu-minimal on %s has %i privileges', (release, count) => {
  expect(resolve('tofu-minimal', release)).toHaveLength(count);
});

test.each(RELEASES)('passthrough on %s is opentofu, and resource mappings where the node has them', (release) => {
  const more = release === '7.4' ? [] : ['Mapping.Use'];
  expect(resolve('passthrough', release)).toEqual([...resolve('opentofu', release), ...more].sort());
});

test('no preset asks for what is only granted to root', () => {
  for (const preset of Object.values(PRESETS)) {
    if ('builtIn' in preset) continue;
    const all = [...preset.privileges, ...(preset.whereKnown ?? [])];
    for (const privilege of ['Permissions.Modify', 'Realm.Allocate', 'Sys.PowerMgmt'])
      expect(all).not.toContain(privilege);
  }
});
