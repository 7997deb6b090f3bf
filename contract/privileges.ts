/**
 * What each privilege of Proxmox VE is for, and the releases that know it. For people who read a list: what exists on a node is
 * always asked of the node. Words after pveum(1) and the checks of qemu-server, pve-storage and pve-manager.
 */

export const MAJORS = [7, 8, 9] as const;
/** Major release of Proxmox VE. */
export type Major = (typeof MAJORS)[number];

export interface Privilege {
  /** A sentence. */
  readonly purpose: string;
  readonly releases: readonly Major[];
}

const EVERYWHERE = {
  'Datastore.Allocate': 'Create, change and remove storages, and delete volumes on them.',
  'Datastore.AllocateSpace': 'Make disks and store backups on a storage.',
  'Datastore.AllocateTemplate': 'Upload and download ISO images, container templates and snippets.',
  'Datastore.Audit': 'See a storage and list what is on it.',
  'Group.Allocate': 'Create, change and remove groups of users.',
  'Permissions.Modify': 'Change who may do what: ACL entries of others, and so their own rights too.',
  'Pool.Allocate': 'Create, change and remove pools, and move guests and storages between them.',
  'Pool.Audit': 'See a pool and its members.',
  'Realm.Allocate': 'Create, change and remove authentication realms.',
  'Realm.AllocateUser': 'Put users into a realm.',
  'SDN.Allocate': 'Change the software-defined network: zones, virtual networks, subnets.',
  'SDN.Audit': 'See the software-defined network, and list bridges.',
  'Sys.Audit': 'See status and configuration of nodes, of the cluster and of high availability.',
  'Sys.Console': 'Open a shell on a node, and manage high availability.',
  'Sys.Incoming': 'Take in guests that come from another cluster.',
  'Sys.Modify': "Change a node's network, DNS, time and certificates, and a guest's order of startup.",
  'Sys.PowerMgmt': 'Switch nodes off, restart and wake them.',
  'Sys.Syslog': 'Read the system log of a node.',
  'User.Modify': 'Create, change and remove users, and tokens of theirs.',
  'VM.Allocate': 'Create and remove guests (VMs and containers).',
  'VM.Audit': "See a guest's configuration and status.",
  'VM.Backup': 'Back up a guest, and restore it.',
  'VM.Clone': 'Clone a guest or a template.',
  'VM.Config.CDROM': 'Insert, change and eject CD-ROM images.',
  'VM.Config.CPU': 'Change CPU settings.',
  'VM.Config.Cloudinit': 'Change cloud-init settings: user, SSH keys, addresses.',
  'VM.Config.Disk': 'Add, change, resize and remove disks.',
  'VM.Config.HWType': 'Change emulated hardware: BIOS, machine, display, PCI and USB devices.',
  'VM.Config.Memory': 'Change memory settings.',
  'VM.Config.Network': 'Add, change and remove network cards.',
  'VM.Config.Options': 'Change every other setting: name, tags, description, boot order, guest agent.',
  'VM.Console': 'Open the console of a guest, and send keys to it.',
  'VM.Migrate': 'Move a guest to another node of the cluster.',
  'VM.PowerMgmt': 'Start, stop, reset, suspend and resume guests.',
  'VM.Snapshot': 'Create, change and remove snapshots.',
  'VM.Snapshot.Rollback': 'Take a guest back to a snapshot.',
};

const FROM_8 = {
  'Mapping.Audit': 'See resource mappings.',
  'Mapping.Modify': 'Create, change and remove resource mappings.',
  'Mapping.Use': 'Give mapped resources of a node (PCI and USB devices, folders) to guests.',
  'SDN.Use': 'Attach network cards to bridges and virtual networks.',
  'Sys.AccessNetwork': 'Let a node fetch from a URL, to download an image for instance.',
};

const UP_TO_8 = {
  'VM.Monitor': 'Use the QEMU monitor and the guest agent; 9 split it up into VM.GuestAgent.*.',
};

const FROM_9 = {
  'VM.GuestAgent.Audit': 'Ask the guest agent: addresses, hostname, file systems.',
  'VM.GuestAgent.FileRead': 'Read files of a guest through its agent.',
  'VM.GuestAgent.FileSystemMgmt': "Freeze, thaw and trim a guest's file systems through its agent.",
  'VM.GuestAgent.FileWrite': 'Write files of a guest through its agent.',
  'VM.GuestAgent.Unrestricted': 'Run any command in a guest through its agent.',
  'VM.Replicate': 'Set up and run the replication of a guest.',
};

const on = (releases: readonly Major[], purposes: Readonly<Record<string, string>>): [string, Privilege][] =>
  Object.entries(purposes).map(([name, purpose]) => [name, { purpose, releases }]);

/** By name, sorted as the node sorts them. */
export const PRIVILEGES: ReadonlyMap<string, Privilege> = new Map(
  [...on(MAJORS, EVERYWHERE), ...on([8, 9], FROM_8), ...on([7, 8], UP_TO_8), ...on([9], FROM_9)].sort(
    ([one], [other]) => (one < other ? -1 : 1),
  ),
);

export function privilegesOn(release: Major): ReadonlySet<string> {
  return new Set([...PRIVILEGES].flatMap(([name, { releases }]) => (releases.includes(release) ? [name] : [])));
}
