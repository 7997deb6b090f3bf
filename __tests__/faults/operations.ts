import type { Entry } from '../support/verbs';
import type { Operation } from './operation';

const TOKEN = 'opentofu@pve!opentofu-token';
const NEXT = 'opentofu@pve!opentofu-next';
const MINE = 'opentofu@pve!mine';
const TWO = { owner: { environment: 'lab', cluster: 'two' }, identity: 'opentofu@pve!two' };

const privileges = (...names: readonly string[]) => ({ preset: undefined, privileges: names });
const on = (...paths: readonly string[]) => ({ acl: paths.map((path) => ({ path, propagate: true })) });
const SEPARATED: Entry = { access: { privilege_separation: true, ...on('/', '/vms') } };
const ROOT: Entry = { identity: 'root@pam!tofu', access: { privilege_separation: true } };
/** `manage_access = false` */
const LEFT: Entry = { access: { role: undefined, preset: undefined, acl: [] } };
const NEXT_BESIDE: Entry = { ...SEPARATED, identity: NEXT, retain: [TOKEN] };
const OTHERWISE = { role: 'other-role', ...on('/vms') };
const SMALL: Entry = { access: privileges('VM.Audit', 'VM.Clone', 'VM.Allocate') };

// With a text of its own: one that only people wrote is lost if a rotation before 9.1 is cut between removal and addition.
const TAKEN: Entry = { access: { ...SMALL.access, comment: 'of the lab' }, on_existing: 'rotate' };

/** A user of our name that others made and use. */
const THEIR_USER = [
  'user add opentofu@pve --comment by-hand',
  'user token add opentofu@pve mine',
  'acl modify /pool/crew --users opentofu@pve --roles PVEPoolUser',
];
/** All of the guide, done by hand. */
const HAND_MADE = [
  'user add opentofu@pve',
  'role add opentofu-role --privs VM.Audit,VM.Clone,VM.Allocate',
  'acl modify / --users opentofu@pve --roles opentofu-role',
  'user token add opentofu@pve opentofu-token --privsep 0 --comment by-hand',
];
const THEIR_ROLE = [
  'role add opentofu-role --privs VM.Allocate,VM.Audit,VM.Clone',
  'acl modify / --users jo@pve --roles opentofu-role',
];

const made = (name: string, wanted: Entry, more: Partial<Operation> = {}): Operation => ({
  ...{ name, release: '9.1', wanted, secret: 'new', ours: [wanted.identity ?? TOKEN] },
  ...more,
});
const kept = (name: string, wanted: Entry, more: Partial<Operation> = {}) =>
  made(name, wanted, { secret: 'kept', ...more });
const removed = (name: string, entry: Entry, more: Partial<Operation> = {}): Operation => ({
  ...{ name, release: '9.1', before: [entry], removed: entry, ours: [] },
  ...more,
});
const changed = (name: string, before: Entry, wanted: Entry, more: Partial<Operation> = {}) =>
  kept(`change in place: ${name}`, wanted, { before: [before], ...more });

const [byHand, onTheirs] = [{ others: HAND_MADE }, { others: THEIR_USER }];

/** Operations that differ with the release. */
const common: readonly Operation[] = [
  made('fresh', {}),
  made('fresh, privilege separation', SEPARATED),
  made('rotate in place', { ...SEPARATED, generation: '2' }, { before: [SEPARATED] }),
  made('rotate in place on a user of others', { ...SEPARATED, generation: '2' }, { ...onTheirs, before: [SEPARATED] }),
  made('rename', { ...SEPARATED, identity: NEXT }, { before: [SEPARATED] }),
  made('rotate a hand-made token', TAKEN, { ...byHand, replaces: true }),
  made(
    'rotate a token that was taken over',
    { ...TAKEN, generation: '2' },
    { ...byHand, before: [TAKEN], replaces: true },
  ),
  removed('removal', SEPARATED),
];

const changes: readonly Operation[] = [
  changed('privileges', SMALL, { access: privileges('VM.Audit', 'VM.Clone', 'VM.PowerMgmt') }),
  changed('role', SMALL, { access: { ...SMALL.access, role: 'other-role' } }),
  changed('acl', { access: on('/') }, { access: on('/vms', '/pool/crew') }),
  changed('privilege separation on', {}, { access: { privilege_separation: true } }),
  changed('privilege separation off', SEPARATED, { access: on('/', '/vms') }),
  changed('expiry and comment', {}, { access: { expire: 4102444800, comment: 'CI of the lab' } }),
  changed('all of it on a user of others', SMALL, { access: { ...OTHERWISE, privilege_separation: true } }, onTheirs),
  changed('access left to others from now on', SEPARATED, LEFT, onTheirs),
];

const lives: readonly Operation[] = [
  made('fresh, root@pam', { identity: 'root@pam!tofu' }),
  made('fresh, root@pam with privilege separation', ROOT),
  made(
    'rotate, root@pam with privilege separation and another role',
    {
      ...{ ...ROOT, access: { ...ROOT.access, ...OTHERWISE }, generation: '2' },
    },
    { before: [ROOT] },
  ),
  removed('removal, root@pam with privilege separation', ROOT),
  made('fresh, access left to others', { ...LEFT, identity: NEXT }, onTheirs),
  made('rename, access left to others', { ...LEFT, identity: NEXT }, { ...onTheirs, before: [LEFT] }),
  kept('adopt, access left to others', LEFT, byHand),
  removed('removal, access left to others', LEFT, onTheirs),
  removed('removal on a user of others', SEPARATED, onTheirs),
  made('fresh beside a role of others', SMALL, { others: THEIR_ROLE }),
  made('fresh beside an entry of ours', {}, { before: [TWO], ours: [TOKEN, TWO.identity] }),
  made('rotate without outage', NEXT_BESIDE, { before: [SEPARATED], ours: [NEXT, TOKEN] }),
  kept('retain emptied', { ...SEPARATED, identity: NEXT }, { before: [SEPARATED, NEXT_BESIDE] }),
  made('rename to another user', { ...SEPARATED, identity: 'ci@pve!tofu' }, { before: [SEPARATED] }),
  made('rename on a user of others', { ...SEPARATED, identity: NEXT }, { ...onTheirs, before: [SEPARATED] }),
  kept('adopt a hand-made token', SMALL, byHand),
  kept(
    'adopt a hand-made token of a user with others',
    { identity: MINE, access: { privilege_separation: true } },
    onTheirs,
  ),
  removed('removal of an adopted token', SMALL, byHand),
  kept('removal beside another entry', TWO, { before: [SEPARATED, TWO], removed: SEPARATED }),
  kept('state lost', SEPARATED, { before: [SEPARATED] }),
  kept('moved node', SEPARATED, { before: [SEPARATED], from: '8.4' }),
];

const onRelease = (release: Operation['release'], operations: readonly Operation[]): Operation[] =>
  operations.map((operation) => ({ ...operation, release, name: `${release} ${operation.name}` }));

export const OPERATIONS: readonly Operation[] = [
  ...onRelease('9.1', [...common, ...lives, ...changes]),
  ...onRelease('8.4', common),
  ...onRelease(
    '7.4',
    common.filter(({ name }) => name === 'rotate in place on a user of others'),
  ),
];
