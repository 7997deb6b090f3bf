import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { knownPrivileges, resolvePrivileges } from '../../bootstrap/plan/privileges';
import { checkPrivilege, isBuiltInRole } from '../../contract/identifiers';
import { PRESETS, type Preset, type PresetName } from '../../contract/presets';
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

  test('whoever may set a network card may attach it to a bridge', () => {
    for (const name of Object.keys(PRESETS)) {
      const privileges = resolve(name, release);
      if (!privileges.includes('VM.Config.Network')) continue;
      expect(privileges.includes('SDN.Use'), name).toBe(release !== '7.4');
    }
  });

  test("telmate passes the provider's own check, of today and of 2.9.14", () => {
    // proxmox/provider.go at v3.0.2-rc09; VM.Monitor was in it up to v3.0.2-rc03, which no list satisfies on 9.
    const checked = [
      ...['Datastore.AllocateSpace', 'Datastore.Audit', 'Pool.Allocate', 'Pool.Audit', 'Sys.Audit', 'Sys.Console'],
      ...['Sys.Modify', 'VM.Allocate', 'VM.Audit', 'VM.Clone', 'VM.Config.CDROM', 'VM.Config.CPU'],
      ...['VM.Config.Cloudinit', 'VM.Config.Disk', 'VM.Config.HWType', 'VM.Config.Memory', 'VM.Config.Network'],
      ...['VM.Config.Options', 'VM.Migrate', 'VM.PowerMgmt'],
      ...(knownOn(release).has('VM.Monitor') ? ['VM.Monitor'] : []),
    ];
    expect(resolve('telmate', release)).toEqual(expect.arrayContaining(checked));
  });
});

test('opentofu is the role of the guide, with what releases 8 and 9 ask for on top', () => {
  const means = (release: Release) => resolve('opentofu', release);
  expect(means('7.4')).toEqual([...OPENTOFU, 'VM.Monitor', 'VM.PowerMgmt']);
  expect(means('8.4')).toEqual(['SDN.Use', ...OPENTOFU, 'VM.Monitor', 'VM.PowerMgmt'].sort());
  expect(means('9.0')).toEqual(['SDN.Use', ...OPENTOFU, 'VM.GuestAgent.Audit', 'VM.PowerMgmt'].sort());
});

test.each(RELEASES)('passthrough on %s is opentofu, and resource mappings where the node has them', (release) => {
  const more = release === '7.4' ? [] : ['Mapping.Use'];
  expect(resolve('passthrough', release)).toEqual([...resolve('opentofu', release), ...more].sort());
});

test('what a preset wants where known is known somewhere, and not everywhere', () => {
  for (const preset of Object.values(PRESETS)) {
    for (const privilege of ('privileges' in preset && preset.whereKnown) || []) {
      const known = RELEASES.filter((release) => knownOn(release).has(privilege));
      expect([0, RELEASES.length], privilege).not.toContain(known.length);
    }
  }
});

test('no preset asks for what is only granted to root', () => {
  for (const preset of Object.values(PRESETS)) {
    if ('builtIn' in preset) continue;
    const all = [...preset.privileges, ...(preset.whereKnown ?? [])];
    for (const privilege of ['Permissions.Modify', 'Realm.Allocate', 'Sys.PowerMgmt'])
      expect(all).not.toContain(privilege);
  }
});

test('the names are a type of their own', () => {
  const name: PresetName = 'tofu-minimal';
  // @ts-expect-error no such preset
  const wrong: PresetName = 'tofu-maximal';
  expect([name, wrong].map((one) => Object.hasOwn(PRESETS, one))).toEqual([true, false]);
});

/** `A.B A.C D.E` as `A.{B,C} D.E`. */
function inBraces(privileges: readonly string[]): string {
  const groupOf = (privilege: string) => privilege.slice(0, privilege.lastIndexOf('.'));
  const shown = [...new Set(privileges.map(groupOf))].map((group) => {
    const members = privileges.filter((privilege) => groupOf(privilege) === group);
    const [only = ''] = members;
    return members.length === 1 ? only : `${group}.{${members.map((one) => one.slice(group.length + 1)).join(',')}}`;
  });
  return shown.length === 0 ? '' : `\`${shown.join(' ')}\``;
}

function tableRow([name, preset]: [string, Preset]): string {
  const { consumer, source } = preset;
  if ('builtIn' in preset)
    return `| \`${name}\` | ${consumer} | the built-in role \`${preset.builtIn}\` | | | | ${source} |`;
  const on = RELEASES.map((release) => resolve(name, release));
  const common = on.reduce((held, privileges) => held.filter((privilege) => privileges.includes(privilege)));
  const [on7, on8, on9, on91] = on.map((privileges) => inBraces(privileges.filter((one) => !common.includes(one))));
  expect(on91, 'one column is enough for 9').toBe(on9);
  return `| \`${name}\` | ${consumer} | ${inBraces(common)} | ${on7} | ${on8} | ${on9} | ${source} |`;
}

test('the document shows what each preset means on each release (`npx vitest run __tests__/contract --update` writes it)', async () => {
  const file = join(__dirname, '../../docs/presets.md');
  const rows = Object.entries(PRESETS).map(tableRow);
  const document = readFileSync(file, 'utf8').replace(/(?<=\n\|---.*\n)(\|.*\n)*/, `${rows.join('\n')}\n`);
  await expect(document).toMatchFileSnapshot(file);
});
