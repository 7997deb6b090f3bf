import fc from 'fast-check';
import { type Owner, SETTINGS_FORMAT, type TokenVerbSettings } from '../../../contract/settings';
import { PaperNode } from './paper-node';

/** What may happen to three entries on one node, and what others have there before. */

export const OWNERS = [
  { environment: 'lab', cluster: 'nuc' },
  { environment: 'lab', cluster: 'two' },
  { environment: 'prod', cluster: 'nuc' },
] as const satisfies readonly Owner[];

/** What people may have typed on the node, under our names too; `_` is a blank. */
const BY_HAND: readonly (readonly string[])[] = [
  ['user add tofu@pve --comment of_the_[night]_shift:_100%'],
  ['group add ops', 'user modify tofu@pve --groups ops', 'acl modify / --groups ops --roles PVEVMUser'],
  ['role add tofu-role --privs VM.Allocate,VM.Audit'],
  ['role add tofu-role --privs VM.Audit', 'acl modify /vms --users jo@pve --roles tofu-role'],
  ['acl modify / --users tofu@pve --roles tofu-role --propagate 0'],
  ['acl modify /pool --users tofu@pve --roles NoAccess'],
  ['user token add tofu@pve ci --privsep 0'],
  [
    'user token add tofu@pve ci --privsep 1 --expire 4102444800 --comment CI_of_others',
    'acl modify / --tokens tofu@pve!ci --roles PVEAuditor',
  ],
  ['user token add tofu@pve other --privsep 0 --comment of_another_team'],
  ['user token add root@pam ci --privsep 1 --comment x'],
  ['user token add root@pam ci --privsep 0'],
  // What a user may write on tokens of her own, to have others' things taken away.
  [
    'user token add jo@pve mine --comment [cdktf-proxmox-tokens_lab/nuc_generation=1_user_role:jo-role_acl:/vms:jo-role]',
  ],
  ['user token add tofu@pve other --comment [cdktf-proxmox-tokens_lab/nuc_generation=1]'],
];

export const arbNode = fc
  .record({ release: fc.constantFrom('8.4' as const, '9.1' as const), works: fc.subarray([...BY_HAND]) })
  .map(({ release, works }) => {
    const node = new PaperNode(release).type(
      'role add jo-role --privs VM.Clone',
      'user add jo@pve --comment by_hand',
      'acl modify /vms --users jo@pve --roles jo-role',
    );
    for (const work of works) node.typeIfPossible(...work);
    return node;
  });

const arbWanted = fc
  .record({
    identity: fc.constantFrom('tofu@pve!ci', 'tofu@pve!ci2', 'ci@pve!ci', 'root@pam!ci', 'jo@pve!ci'),
    role: fc.constantFrom('tofu-role', 'tofu-role', 'role-2', 'PVEAuditor', undefined),
    privileges: fc.constantFrom(['VM.Allocate', 'VM.Audit'], ['VM.Allocate', 'VM.Audit'], ['VM.Audit']),
    acl: fc.constantFrom(
      [{ path: '/', propagate: true }],
      [{ path: '/vms', propagate: false }],
      [
        { path: '/', propagate: true },
        { path: '/pool/lab', propagate: true },
      ],
    ),
    privilege_separation: fc.constantFrom(undefined, false, true),
    expire: fc.constantFrom(undefined, 0, 1893456000),
    comment: fc.constantFrom(undefined, 'CI'),
    change_others: fc.constantFrom(undefined, undefined, true as const),
    generation: fc.constantFrom('1', '1', '2'),
    on_existing: fc.constantFrom('adopt', 'adopt', 'rotate', 'fail'),
  })
  .map(({ identity, role, privileges, acl, generation, on_existing, ...rest }) => {
    // As the constructs have it: `root@pam` has everything, a built-in role has no list, without a role there is no ACL.
    const none = role === undefined || (identity.startsWith('root@') && !rest.privilege_separation);
    const access = none ? { acl: [] } : role === 'PVEAuditor' ? { role, acl } : { role, privileges, acl };
    // An entry that leaves its user to others rides on it: had another entry made it, that would be left over at the end.
    const named = role === undefined ? 'jo@pve!ci' : identity;
    return { identity: named, generation, on_existing, access: { ...access, ...rest } };
  });

export type Wanted = typeof arbWanted extends fc.Arbitrary<infer W> ? W : never;

const who = fc.nat(OWNERS.length - 1);
/** How many changes go through before a run is cut off, counted around. */
const cut = fc.nat(40);
export const arbEvent = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deploy' as const), who, cut, wanted: arbWanted, retains: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), who, cut }) },
  // The same entry under another name.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), who, cut, to: who }) },
);

export type Event = typeof arbEvent extends fc.Arbitrary<infer E> ? E : never;

export function settingsOf(owner: Owner, wanted: Wanted, retain: readonly string[]): TokenVerbSettings {
  const ssh = { host: 'paper', timeouts: { connect: 1, command: 1, lock: 1 } };
  return { format: SETTINGS_FORMAT, project: '.', owner, ssh, ...wanted, retain, handoff: 'none' };
}
