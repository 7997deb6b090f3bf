/** Privileges and the roles that a node makes of them. */
import { atLeast, type Release } from './releases';

interface Tiers {
  readonly root: readonly string[];
  readonly admin: readonly string[];
  readonly user: readonly string[];
  readonly audit: readonly string[];
}

export interface Privileges {
  readonly valid: ReadonlySet<string>;
  readonly specialRoles: ReadonlyMap<string, ReadonlySet<string>>;
}

const since = (release: Release, floor: Release, ...names: string[]): string[] =>
  atLeast(release, floor) ? names : [];
const until = (release: Release, floor: Release, ...names: string[]): string[] =>
  atLeast(release, floor) ? [] : names;

function vmTiers(release: Release): Tiers {
  const config = ['CPU', 'Disk', 'HWType', 'Memory', 'Network', 'Options'].map((part) => `VM.Config.${part}`);
  const agent = ['FileRead', 'FileSystemMgmt', 'FileWrite'].map((part) => `VM.GuestAgent.${part}`);
  return {
    root: [],
    admin: [
      ...config,
      ...['VM.Allocate', 'VM.Clone', 'VM.Migrate', 'VM.Snapshot', 'VM.Snapshot.Rollback'],
      ...until(release, '9.0', 'VM.Monitor'),
      ...since(release, '9.0', 'VM.GuestAgent.Unrestricted', 'VM.Replicate'),
    ],
    user: [
      ...['VM.Backup', 'VM.Config.CDROM', 'VM.Config.Cloudinit', 'VM.Console', 'VM.PowerMgmt'],
      ...since(release, '9.0', ...agent),
    ],
    audit: ['VM.Audit', ...since(release, '9.0', 'VM.GuestAgent.Audit')],
  };
}

function tiersOf(release: Release): Record<string, Tiers> {
  const mapping = { root: [], admin: ['Mapping.Modify'], user: ['Mapping.Use'], audit: ['Mapping.Audit'] };
  return {
    VM: vmTiers(release),
    Sys: {
      root: ['Sys.PowerMgmt', 'Sys.Modify', 'Sys.Incoming', ...since(release, '8.4', 'Sys.AccessNetwork')],
      // 7.4 counts the right to change permissions among the administrator's system rights.
      admin: ['Sys.Console', 'Sys.Syslog', ...until(release, '8.4', 'Permissions.Modify')],
      user: [],
      audit: ['Sys.Audit'],
    },
    Datastore: {
      root: [],
      admin: ['Datastore.Allocate', 'Datastore.AllocateTemplate'],
      user: ['Datastore.AllocateSpace'],
      audit: ['Datastore.Audit'],
    },
    SDN: {
      root: [],
      admin: ['SDN.Allocate', 'SDN.Audit'],
      user: since(release, '8.4', 'SDN.Use'),
      audit: ['SDN.Audit'],
    },
    User: {
      root: ['Realm.Allocate'],
      admin: ['User.Modify', 'Group.Allocate', 'Realm.AllocateUser'],
      user: [],
      audit: [],
    },
    Pool: { root: [], admin: ['Pool.Allocate'], user: ['Pool.Audit'], audit: ['Pool.Audit'] },
    ...(atLeast(release, '8.4') ? { Mapping: mapping } : {}),
  };
}

function derive(release: Release): Privileges {
  const valid = new Set<string>(['Permissions.Modify']);
  const roles = new Map<string, Set<string>>();
  const grant = (role: string, privileges: readonly string[]) => {
    const held = roles.get(role) ?? new Set<string>();
    for (const privilege of privileges) held.add(privilege);
    roles.set(role, held);
  };
  for (const [category, { root, admin, user, audit }] of Object.entries(tiersOf(release))) {
    for (const privilege of [...root, ...admin, ...user, ...audit]) valid.add(privilege);
    grant(`PVE${category}Admin`, [...admin, ...user, ...audit]);
    grant('PVEAdmin', [...admin, ...user, ...audit]);
    if (user.length > 0) grant(`PVE${category}User`, [...user, ...audit]);
    if (audit.length > 0) grant('PVEAuditor', audit);
  }
  roles.get('PVEAdmin')?.delete('Mapping.Modify');
  grant('PVETemplateUser', ['VM.Clone', 'VM.Audit']);
  grant('NoAccess', []);
  roles.set('Administrator', valid);
  return { valid, specialRoles: roles };
}

const cache = new Map<Release, Privileges>();

export function privilegesOf(release: Release): Privileges {
  const known = cache.get(release) ?? derive(release);
  cache.set(release, known);
  return known;
}
