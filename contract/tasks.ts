/** The least that a task takes, privilege by privilege, with the ACL path where it is asked for. */

interface Need {
  readonly privilege: string;
  readonly path: string;
}

export interface Task {
  readonly what: string;
  readonly source: string;
  readonly needs: readonly Need[];
  /** Asked for by the releases that know it. */
  readonly whereKnown?: readonly Need[];
}

const VM = '/vms/ID';
const STORAGE = '/storage/NAME';
const need = (privilege: string, path: string): Need => ({ privilege, path });
/** Without it a client cannot read back what it did. */
const READ_VM = need('VM.Audit', VM);

const LISTS = {
  clone: {
    what: 'clone VMs from templates',
    source: 'qemu-server clone_vm',
    needs: [
      need('Datastore.AllocateSpace', STORAGE),
      need('VM.Allocate', '/vms/NEWID or /pool/NAME'),
      READ_VM,
      need('VM.Clone', VM),
    ],
    whereKnown: [need('SDN.Use', '/sdn/zones/localnetwork/BRIDGE')],
  },
  snapshot: {
    what: 'make and remove snapshots, and go back to them',
    source: 'qemu-server snapshot, delsnapshot, rollback',
    needs: [READ_VM, need('VM.Snapshot', VM), need('VM.Snapshot.Rollback', VM)],
  },
  backup: {
    what: 'back up guests to a storage (pruning takes Datastore.Allocate too)',
    source: 'pve-manager vzdump',
    needs: [need('Datastore.AllocateSpace', STORAGE), need('Datastore.Audit', STORAGE), READ_VM, need('VM.Backup', VM)],
  },
  passthrough: {
    what: 'give PCI and USB devices to VMs through resource mappings',
    source: 'qemu-server check_hostpci_perm, check_usb_perm',
    needs: [need('Mapping.Use', '/mapping/pci/NAME'), READ_VM, need('VM.Config.HWType', VM)],
  },
  csi: {
    what: 'proxmox-csi-plugin: volumes for Kubernetes',
    source: 'its docs/install.md',
    needs: [
      need('Datastore.Allocate', '/'),
      need('Datastore.AllocateSpace', '/'),
      need('Datastore.Audit', '/'),
      need('VM.Audit', '/'),
      need('VM.Config.Disk', '/'),
    ],
  },
  ccm: {
    what: 'proxmox-cloud-controller-manager: nodes of Kubernetes',
    source: 'its docs/install.md',
    needs: [need('Sys.Audit', '/'), need('VM.Audit', '/')],
    whereKnown: [need('VM.GuestAgent.Audit', '/')],
  },
  monitoring: {
    what: 'read metrics of nodes, guests and storages, as prometheus-pve-exporter does',
    source: 'its collectors; pve-manager cluster/status, cluster/resources',
    needs: [need('Datastore.Audit', '/'), need('Sys.Audit', '/'), need('VM.Audit', '/')],
  },
} satisfies Record<string, Task>;

/** By any text, since a command line may name what is not there. */
export const TASKS: Readonly<Record<string, Task>> = LISTS;

export type { Need };
