import fc from 'fast-check';

export type EnvironmentName = 'lab' | 'prod';
export const ENVIRONMENTS: readonly EnvironmentName[] = ['lab', 'prod'];
/** Users that we make, unless somebody was first; one that needs nothing; one of others, to which entries leave all but the token. */
export const USERS = ['tofu@pve', 'ci@pve', 'root@pam', 'jo@pve'] as const;
/** Roles whose privileges the files name. */
export const ROLES = ['tofu-role', 'ci-role'] as const;

type Token = readonly [user: string, number: number];
const SOME_TOKENS = USERS.flatMap((user): Token[] => [
  [user, 1],
  [user, 2],
]);

/** What the file says of one entry, as far as it varies: the first of each is the usual. */
const FIELDS = {
  user: USERS,
  number: [1, 2],
  role: [...ROLES, 'preset-role', 'PVEAuditor'],
  separated: [undefined, false, true],
  paths: [['/'], ['/vms'], ['/storage'], ['/', '/vms'], ['/', '/storage'], ['/vms', '/storage']],
  expires: [undefined, false, true],
  comment: [undefined, 'CI', '100 % [x]'],
  generation: ['1', '2', '3'],
  retain: [[], ...SOME_TOKENS.map((one): readonly Token[] => [one]), [...SOME_TOKENS].slice(0, 3), SOME_TOKENS],
  onExisting: ['adopt', 'rotate', 'fail'],
  removal: ['revoke', 'retain'],
  changeOthers: [false, true],
  verify: [false, true],
} as const;

export type Entry = { readonly [Key in keyof typeof FIELDS]: (typeof FIELDS)[Key][number] };
const entryOf = (choose: (choices: readonly unknown[]) => unknown) =>
  Object.fromEntries(Object.entries(FIELDS).map(([key, choices]) => [key, choose(choices)]));

export const USUAL = entryOf(([first]) => first) as Entry;

/** One to three fields are other than they were. */
export const anEdit = fc
  .tuple(
    fc.record(entryOf((choices) => fc.constantFrom(...choices)) as { [key: string]: fc.Arbitrary<unknown> }),
    fc.subarray(Object.keys(FIELDS), { minLength: 1, maxLength: 3 }),
  )
  .map(([entry, keys]) => Object.fromEntries(keys.map((key) => [key, entry[key]])) as Partial<Entry>);

/** One entry of one environment, the owner of what is made for it, and the node of its cluster. Entries of a node share users. */
export interface Owner {
  readonly environment: EnvironmentName;
  readonly cluster: string;
  readonly node: 0 | 1;
}

export const OWNERS: readonly Owner[] = [
  { environment: 'lab', cluster: 'nuc', node: 0 },
  { environment: 'lab', cluster: 'two', node: 0 },
  { environment: 'lab', cluster: 'host3', node: 1 },
  { environment: 'prod', cluster: 'nuc', node: 0 },
  { environment: 'prod', cluster: 'host3', node: 1 },
];

export const anOwner: fc.Arbitrary<Owner> = fc.constantFrom(...OWNERS);

export const nameOf = ({ environment, cluster }: Pick<Owner, 'environment' | 'cluster'>) => `${environment}/${cluster}`;

export const identityOf = (owner: Owner, { user, number }: Pick<Entry, 'user' | 'number'>): string =>
  tokenOf(owner, [user, number]);

const tokenOf = ({ environment, cluster }: Owner, [user, number]: Token) =>
  `${user}!${environment}-${cluster}-${number}`;

export const retainedOf = (owner: Owner, entry: Entry): string[] =>
  entry.retain.map((token) => tokenOf(owner, token)).filter((identity) => identity !== identityOf(owner, entry));

/** Others look after its user, role and ACL. */
export const leavesAccess = ({ user }: Entry): boolean => user === 'jo@pve';

/** `root@pam` without privilege separation has neither role nor ACL. */
export const hasRole = (entry: Entry): boolean =>
  !leavesAccess(entry) && (entry.user !== 'root@pam' || entry.separated === true);
