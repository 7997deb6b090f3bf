import type { Entry } from '../support/verbs';
import type { Operation } from './operation';

const TOKEN = 'opentofu@pve!opentofu-token';
const NEXT = 'opentofu@pve!opentofu-next';
const MINE = 'opentofu@pve!mine';
const TWO: Entry = { owner: { environment: 'lab', cluster: 'two' }, identity: 'opentofu@pve!two' };

const privileges = (...names: readonly string[]) => ({ preset: undefined, privileges: names });
const on = (...paths: readonly string[]) => ({ acl: paths.map((path) => ({ path, propagate: true })) });
const SEPARATED: Entry = { access: { privilege_separation: true, ...on('/', '/vms') } };
const SMALL: Entry = { access: privileges('VM.Audit', 'VM.Clone', 'VM.Allocate') };

/** A user of our name that others made and use. */
const THEIR_USER = [
  "pveum user add opentofu@pve --comment 'by hand'",
  'pveum user token add opentofu@pve mine',
  'pveum acl modify /pool/crew --users opentofu@pve --roles PVEPoolUser',
];
/** All of the guide, done by hand. */
const HAND_MADE = [
  'pveum user add opentofu@pve',
  'pveum role add opentofu-role --privs VM.Audit,VM.Clone,VM.Allocate',
  'pveum acl modify / --users opentofu@pve --roles opentofu-role',
  "pveum user token add opentofu@pve opentofu-token --privsep 0 --comment 'by hand'",
];
const THEIR_ROLE = [
  'pveum role add opentofu-role --privs VM.Allocate,VM.Audit,VM.Clone',
  'pveum acl modify / --users jo@pve --roles opentofu-role',
];

/** Operations that do the same, whatever the release. */
const common = (release: Operation['release']): readonly Operation[] => [
  { name: 'fresh', release, wanted: {}, secret: 'new', ours: [TOKEN] },
  { name: 'fresh, privilege separation', release, wanted: SEPARATED, secret: 'new', ours: [TOKEN] },
  {
    name: 'rotate in place',
    release,
    before: [SEPARATED],
    wanted: { ...SEPARATED, generation: '2' },
    secret: 'new',
    ours: [TOKEN],
  },
  {
    name: 'rotate in place on a user of others',
    release,
    others: THEIR_USER,
    before: [SEPARATED],
    wanted: { ...SEPARATED, generation: '2' },
    secret: 'new',
    ours: [TOKEN],
  },
  {
    name: 'rename',
    release,
    before: [SEPARATED],
    wanted: { ...SEPARATED, identity: NEXT },
    secret: 'new',
    ours: [NEXT],
  },
  {
    name: 'rotate a hand-made token',
    release,
    others: HAND_MADE,
    // With a text of its own: one that only people wrote is lost if a rotation before 9.1 is cut between removal and addition.
    wanted: { access: { ...SMALL.access, comment: 'of the lab' }, on_existing: 'rotate' },
    secret: 'new',
    ours: [TOKEN],
    replaces: true,
  },
  { name: 'removal', release, before: [SEPARATED], removed: SEPARATED, ours: [] },
];

const changed = (name: string, before: Entry, wanted: Entry): Operation => ({
  name: `change in place: ${name}`,
  release: '9.1',
  before: [before],
  wanted,
  secret: 'kept',
  ours: [TOKEN],
});

const changes: readonly Operation[] = [
  changed('privileges', SMALL, { access: privileges('VM.Audit', 'VM.Clone', 'VM.PowerMgmt') }),
  changed('role', SMALL, { access: { ...SMALL.access, role: 'other-role' } }),
  changed('acl', { access: on('/') }, { access: on('/vms', '/pool/crew') }),
  changed('privilege separation on', {}, { access: { privilege_separation: true } }),
  changed('privilege separation off', SEPARATED, { access: on('/', '/vms') }),
  changed('expiry and comment', {}, { access: { expire: 4102444800, comment: 'CI of the lab' } }),
  {
    ...changed('all of it on a user of others', SMALL, {
      access: { role: 'other-role', privilege_separation: true, ...on('/vms') },
    }),
    others: THEIR_USER,
  },
];

const lives: readonly Operation[] = [
  {
    name: 'fresh, root@pam',
    release: '9.1',
    wanted: { identity: 'root@pam!tofu' },
    secret: 'new',
    ours: ['root@pam!tofu'],
  },
  {
    name: 'fresh, root@pam with privilege separation',
    release: '9.1',
    wanted: { identity: 'root@pam!tofu', access: { privilege_separation: true } },
    secret: 'new',
    ours: ['root@pam!tofu'],
  },
  {
    name: 'fresh beside a role of others',
    release: '9.1',
    others: THEIR_ROLE,
    wanted: SMALL,
    secret: 'new',
    ours: [TOKEN],
  },
  {
    name: 'fresh beside an entry of ours',
    release: '9.1',
    before: [TWO],
    wanted: {},
    secret: 'new',
    ours: [TOKEN, TWO.identity ?? ''],
  },
  {
    name: 'rotate without outage',
    release: '9.1',
    before: [SEPARATED],
    wanted: { ...SEPARATED, identity: NEXT, retain: [TOKEN] },
    secret: 'new',
    ours: [NEXT, TOKEN],
  },
  {
    name: 'retain emptied',
    release: '9.1',
    before: [SEPARATED, { ...SEPARATED, identity: NEXT, retain: [TOKEN] }],
    wanted: { ...SEPARATED, identity: NEXT },
    secret: 'kept',
    ours: [NEXT],
  },
  {
    name: 'rename to another user',
    release: '9.1',
    before: [SEPARATED],
    wanted: { ...SEPARATED, identity: 'ci@pve!tofu' },
    secret: 'new',
    ours: ['ci@pve!tofu'],
  },
  {
    name: 'rename on a user of others',
    release: '9.1',
    others: THEIR_USER,
    before: [{}],
    wanted: { identity: NEXT },
    secret: 'new',
    ours: [NEXT],
  },
  { name: 'adopt a hand-made token', release: '9.1', others: HAND_MADE, wanted: SMALL, secret: 'kept', ours: [TOKEN] },
  {
    name: 'adopt a hand-made token of a user with others',
    release: '9.1',
    others: THEIR_USER,
    wanted: { identity: MINE, access: { privilege_separation: true } },
    secret: 'kept',
    ours: [MINE],
  },
  { name: 'removal of an adopted token', release: '9.1', others: HAND_MADE, before: [SMALL], removed: SMALL, ours: [] },
  {
    name: 'removal beside another entry',
    release: '9.1',
    before: [SEPARATED, TWO],
    wanted: TWO,
    removed: SEPARATED,
    secret: 'kept',
    ours: [TWO.identity ?? ''],
  },
  { name: 'state lost', release: '9.1', before: [SEPARATED], wanted: SEPARATED, secret: 'kept', ours: [TOKEN] },
  {
    name: 'moved node',
    release: '9.1',
    from: '8.4',
    before: [SEPARATED],
    wanted: SEPARATED,
    secret: 'kept',
    ours: [TOKEN],
  },
];

const numbered = (operations: readonly Operation[]): readonly Operation[] =>
  operations.map((operation) => ({ ...operation, name: `${operation.release} ${operation.name}` }));

export const OPERATIONS: readonly Operation[] = numbered([
  ...common('9.1'),
  ...lives,
  ...changes,
  ...common('8.4'),
  ...common('7.4').filter(({ name }) => name === 'rotate in place on a user of others'),
]);
