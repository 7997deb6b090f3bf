/**
 * Named privilege lists, as the consumers' own documents, issues and calls give them (up to 2026-11). A preset names
 * privileges for every release: the node's own list decides which of them exist there. `docs/presets.md` shows what
 * comes of it; a test writes its table.
 */

interface Described {
  /** Whom the token is for. */
  readonly consumer: string;
  /** Where to look the list up; `#` is an issue or a pull request, the consumer's own if no other is named. */
  readonly source: string;
}

/** A list that becomes a role of ours. */
interface PrivilegePreset extends Described {
  readonly privileges: readonly string[];
  /** Wanted where the node knows them: they came or went with a release (`VM.Monitor` went with 9). */
  readonly whereKnown?: readonly string[];
}

/** A role that Proxmox VE makes itself, used as it is. */
interface BuiltInPreset extends Described {
  readonly builtIn: string;
}

export type Preset = PrivilegePreset | BuiltInPreset;

/** To make a VM or clone one, and to start it: Telmate docs/index.md; qemu-server create_vm, clone_vm, vm_start. */
const VM = [
  'VM.Allocate',
  'VM.Audit',
  'VM.Clone',
  'VM.Config.CDROM',
  'VM.Config.CPU',
  'VM.Config.Cloudinit',
  'VM.Config.Disk',
  'VM.Config.HWType',
  'VM.Config.Memory',
  'VM.Config.Network',
  'VM.Config.Options',
  'VM.PowerMgmt',
] as const;

/** For a network card on any bridge, from 8 on: qemu-server 9cfd06d9; Telmate #798, packer-plugin-proxmox #213. */
const NETWORK_CARD = 'SDN.Use';

/** To ask the guest agent for addresses, the one up to 8, the other from 9 on: qemu-server b92a40ce; bpg #2091. */
const GUEST_AGENT = ['VM.Monitor', 'VM.GuestAgent.Audit'] as const;

/** Disks, and files that go up and away again. */
const DATASTORE = [
  'Datastore.Allocate',
  'Datastore.AllocateSpace',
  'Datastore.AllocateTemplate',
  'Datastore.Audit',
] as const;

const OPENTOFU = {
  consumer: 'OpenTofu, Terraform: VMs from images and templates that are there',
  source: 'theepicsaxguy/homelab setup-apikey.md; Telmate #798; bpg #2091',
  privileges: ['Datastore.AllocateSpace', 'Datastore.Audit', ...VM],
  whereKnown: [NETWORK_CARD, ...GUEST_AGENT],
} satisfies PrivilegePreset;

const TELMATE = {
  consumer: 'Telmate/proxmox',
  source: 'docs/index.md, provider.go (its check at start), resource_vm_qemu.go; #664, #688, #798, #1051, #1436',
  privileges: [
    'Datastore.AllocateSpace',
    'Datastore.AllocateTemplate', // proxmox_cloud_init_disk uploads an ISO: #1051
    'Datastore.Audit',
    'Pool.Allocate',
    'Pool.Audit', // #1436
    'Sys.Audit',
    'Sys.Console', // high availability: #664
    'Sys.Modify', // order of startup: #688
    ...VM,
    'VM.Migrate', // #664
  ],
  // Its check wants VM.Monitor up to 3.0.2-rc03; with `agent = 1` a refused agent fails the apply (getPrimaryIP).
  whereKnown: [NETWORK_CARD, ...GUEST_AGENT],
} satisfies PrivilegePreset;

const LISTS = {
  opentofu: OPENTOFU,
  'tofu-minimal': {
    consumer: 'OpenTofu, Terraform: a token with privilege separation',
    source: "a guide's list; Telmate #798; bpg virtual_environment_vm.md (`started`)",
    // VM.PowerMgmt is not the guide's: a new VM is started unless told otherwise, and bpg and vm_start ask for it.
    privileges: ['Datastore.Allocate', 'Datastore.AllocateSpace', ...VM],
    whereKnown: [NETWORK_CARD],
  },
  administrator: { consumer: 'everything, for a lab', source: 'pveum', builtIn: 'Administrator' },
  telmate: TELMATE,
  bpg: {
    consumer: 'bpg/proxmox: the least for VMs, images and pools',
    source:
      'docs/index.md (all privileges, as an example), virtual_environment_{vm,download_file,pool_membership}.md; #2091, #3029',
    privileges: [
      ...TELMATE.privileges,
      'Datastore.Allocate',
      'SDN.Audit', // to list bridges: #3029
      'VM.Backup',
      'VM.Console',
      'VM.Snapshot',
      'VM.Snapshot.Rollback',
    ],
    whereKnown: [...TELMATE.whereKnown, 'Mapping.Use'],
  },
  packer: {
    consumer: 'hashicorp/proxmox for Packer',
    source: 'trfore/packer-proxmox-templates README.md, #22; packer-plugin-proxmox #184, #213, step_upload_iso.go',
    privileges: [
      ...DATASTORE, // Datastore.Allocate: a build with `cd_files` deletes its ISO, and fails where it may not (#184)
      'Sys.Audit',
      'Sys.Modify', // iso_download_pve: pve-storage download_url
      ...VM,
      'VM.Console', // types the boot command: qemu-server vm_sendkey
    ],
    whereKnown: [NETWORK_CARD, ...GUEST_AGENT],
  },
  ccm: {
    consumer: 'proxmox-cloud-controller-manager',
    source: 'docs/install.md',
    privileges: ['Sys.Audit', 'VM.Audit'],
    whereKnown: ['VM.GuestAgent.Audit'],
  },
  csi: {
    consumer: 'proxmox-csi-plugin',
    source: 'docs/install.md; #485, release 0.17.1',
    privileges: ['Datastore.Allocate', 'Datastore.AllocateSpace', 'Datastore.Audit', 'VM.Audit', 'VM.Config.Disk'],
  },
  karpenter: {
    consumer: 'karpenter-provider-proxmox',
    source: 'docs/install.md',
    privileges: [...DATASTORE, 'SDN.Audit', 'Sys.Audit', ...VM],
    whereKnown: ['Mapping.Audit', 'Mapping.Use', NETWORK_CARD, 'Sys.AccessNetwork'],
  },
  capmox: {
    consumer: 'cluster-api-provider-proxmox',
    source: 'docs/advanced-setups.md, api_client.go; #252, #340 (the role PVEVMAdmin of its quick start is too little)',
    privileges: [
      ...DATASTORE, // its cloud-init ISO: #252
      'Sys.Audit', // without it "cannot find node": #340
      ...VM,
    ],
    // It runs `cloud-init status` in the guest: CloudInitStatus in api_client.go.
    whereKnown: [NETWORK_CARD, ...GUEST_AGENT, 'VM.GuestAgent.Unrestricted'],
  },
  exporter: { consumer: 'prometheus-pve-exporter', source: 'README.rst; #69', builtIn: 'PVEAuditor' },
  passthrough: {
    ...OPENTOFU,
    consumer: 'as `opentofu`, with PCI and USB devices through resource mappings',
    source: 'qemu-server check_hostpci_perm, check_usb_perm; bpg #495, Telmate #1186',
    whereKnown: [...OPENTOFU.whereKnown, 'Mapping.Use'],
  },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof LISTS;

/** By any text, since an env file may name what is not there. */
export const PRESETS: Readonly<Record<string, Preset>> = LISTS;
