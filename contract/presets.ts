/**
 * Named privilege lists, as the consumers' own documents give them (2026-07 to 2026-11); the sources stand beside each.
 * A preset names privileges for every release: the node's own list decides which of them exist there.
 */

const VM_CONFIG = [
  'VM.Config.CDROM',
  'VM.Config.CPU',
  'VM.Config.Cloudinit',
  'VM.Config.Disk',
  'VM.Config.HWType',
  'VM.Config.Memory',
  'VM.Config.Network',
  'VM.Config.Options',
] as const;

/** A list that becomes a role of ours. */
interface PrivilegePreset {
  readonly privileges: readonly string[];
  /** Wanted where the node knows them: they came or went with a release (`VM.Monitor` went with 9). */
  readonly whereKnown?: readonly string[];
}

/** A role that Proxmox VE makes itself, used as it is. */
interface BuiltInPreset {
  readonly builtIn: string;
}

export type Preset = PrivilegePreset | BuiltInPreset;

const OPENTOFU: PrivilegePreset = {
  privileges: [
    'Datastore.AllocateSpace',
    'Datastore.Audit',
    'VM.Allocate',
    'VM.Audit',
    'VM.Clone',
    ...VM_CONFIG,
    'VM.PowerMgmt',
  ],
  whereKnown: ['VM.Monitor', 'VM.GuestAgent.Audit'],
};

const TELMATE: PrivilegePreset = {
  privileges: [
    'Datastore.AllocateSpace',
    'Datastore.AllocateTemplate',
    'Datastore.Audit',
    'Pool.Allocate',
    'Pool.Audit',
    'Sys.Audit',
    'Sys.Console',
    'Sys.Modify',
    'VM.Allocate',
    'VM.Audit',
    'VM.Clone',
    ...VM_CONFIG,
    'VM.Migrate',
    'VM.PowerMgmt',
  ],
  whereKnown: ['SDN.Use', 'VM.Monitor'],
};

export const PRESETS: Readonly<Record<string, Preset>> = {
  /** The role of the widely followed OpenTofu guide. */
  opentofu: OPENTOFU,
  /** The same guide's list for a token with privilege separation. */
  'tofu-minimal': {
    privileges: ['Datastore.Allocate', 'Datastore.AllocateSpace', 'VM.Allocate', 'VM.Audit', 'VM.Clone', ...VM_CONFIG],
    whereKnown: ['SDN.Use'],
  },
  /** Everything, for a lab. */
  administrator: { builtIn: 'Administrator' },
  /** Telmate/proxmox: docs/index.md and proxmox/provider.go. */
  telmate: TELMATE,
  /** bpg/proxmox: its documents list every privilege; this is the least that its VM resources need. */
  bpg: {
    privileges: [
      ...TELMATE.privileges,
      'Datastore.Allocate',
      'VM.Backup',
      'VM.Console',
      'VM.Snapshot',
      'VM.Snapshot.Rollback',
      'SDN.Audit',
    ],
    whereKnown: ['SDN.Use', 'VM.Monitor', 'Mapping.Use', 'VM.GuestAgent.Audit'],
  },
  /** hashicorp/proxmox Packer plugin: trfore/packer-proxmox-templates. */
  packer: {
    privileges: [
      'Datastore.AllocateSpace',
      'Datastore.AllocateTemplate',
      'Datastore.Audit',
      'Sys.Audit',
      'Sys.Modify',
      'VM.Allocate',
      'VM.Audit',
      'VM.Clone',
      ...VM_CONFIG,
      'VM.Console',
      'VM.PowerMgmt',
    ],
    whereKnown: ['SDN.Use', 'VM.Monitor', 'VM.GuestAgent.Audit'],
  },
  /** sergelogvinov/proxmox-cloud-controller-manager: docs/install.md. */
  ccm: { privileges: ['Sys.Audit', 'VM.Audit'], whereKnown: ['VM.GuestAgent.Audit'] },
  /** sergelogvinov/proxmox-csi-plugin: docs/install.md. */
  csi: {
    privileges: ['Datastore.Allocate', 'Datastore.AllocateSpace', 'Datastore.Audit', 'VM.Audit', 'VM.Config.Disk'],
  },
  /** sergelogvinov/karpenter-provider-proxmox: docs/install.md. */
  karpenter: {
    privileges: [
      'Datastore.Allocate',
      'Datastore.AllocateSpace',
      'Datastore.AllocateTemplate',
      'Datastore.Audit',
      'SDN.Audit',
      'Sys.Audit',
      'VM.Allocate',
      'VM.Audit',
      'VM.Clone',
      ...VM_CONFIG,
      'VM.PowerMgmt',
    ],
    whereKnown: ['Mapping.Audit', 'Mapping.Use', 'SDN.Use', 'Sys.AccessNetwork'],
  },
  /** Cluster API provider (capmox): docs/Usage.md. */
  capmox: { builtIn: 'PVEVMAdmin' },
  /** prometheus-pve-exporter: its README. */
  exporter: { builtIn: 'PVEAuditor' },
  /** GPU and PCI passthrough through resource mappings, which came with 8: qemu-server. */
  passthrough: { ...OPENTOFU, whereKnown: [...(OPENTOFU.whereKnown ?? []), 'Mapping.Use'] },
};
