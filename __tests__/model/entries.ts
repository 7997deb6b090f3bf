import fc from 'fast-check';

/** The environments, and on which node the cluster of an entry is. Entries of one node share users and roles. */
export const CLUSTERS = {
  lab: { nuc: 0, two: 0, host3: 1 },
  prod: { nuc: 0, host3: 1 },
} as const;

export type EnvironmentName = keyof typeof CLUSTERS;
export const ENVIRONMENTS: readonly EnvironmentName[] = ['lab', 'prod'];
export const USERS = ['tofu@pve', 'ci@pve', 'root@pam'] as const;
export const ROLES = ['tofu-role', 'ci-role'] as const;
/** Roles whose privileges the files name; a preset of ours; a role that is built in. */
export type RoleName = (typeof ROLES)[number] | 'preset-role' | 'PVEAuditor';
const PATHS = ['/', '/vms', '/storage'] as const;

/** What the file says of one entry, as far as it varies. */
export interface Entry {
  readonly user: (typeof USERS)[number];
  readonly number: 1 | 2;
  readonly role: RoleName;
  readonly separated: boolean;
  readonly paths: readonly string[];
  readonly expires: boolean;
  readonly comment: string | undefined;
  readonly generation: string;
  /** Identities by user and number. */
  readonly retain: readonly (readonly [string, number])[];
  readonly onExisting: 'adopt' | 'rotate' | 'fail';
  readonly removal: 'revoke' | 'retain';
}

/** One entry of one environment: the owner of what is made for it. */
export interface Owner {
  readonly environment: EnvironmentName;
  readonly cluster: string;
}

export const OWNERS: readonly Owner[] = ENVIRONMENTS.flatMap((environment) =>
  Object.keys(CLUSTERS[environment]).map((cluster) => ({ environment, cluster })),
);

export const nameOf = ({ environment, cluster }: Owner): string => `${environment}/${cluster}`;

export function nodeOf({ environment, cluster }: Owner): number {
  const nodes: Readonly<Record<string, number>> = CLUSTERS[environment];
  return nodes[cluster] ?? 0;
}

export function identityOf(owner: Owner, { user, number }: { readonly user: string; readonly number: number }): string {
  return `${user}!${owner.environment}-${owner.cluster}-${number}`;
}

export function retainedOf(owner: Owner, entry: Entry): string[] {
  const all = entry.retain.map(([user, number]) => identityOf(owner, { user, number }));
  return [...new Set(all)].filter((identity) => identity !== identityOf(owner, entry));
}

/** `root@pam` without privilege separation has neither role nor ACL. */
export const hasRole = ({ user, separated }: Entry): boolean => user !== 'root@pam' || separated;

const fields = {
  user: fc.constantFrom(...USERS),
  number: fc.constantFrom<1 | 2>(1, 2),
  role: fc.constantFrom<RoleName>(...ROLES, 'preset-role', 'PVEAuditor'),
  separated: fc.boolean(),
  paths: fc.subarray([...PATHS], { minLength: 1 }),
  expires: fc.boolean(),
  comment: fc.constantFrom(undefined, 'CI', '100 % [x]'),
  generation: fc.constantFrom('1', '2', '3'),
  retain: fc.array(fc.tuple(fc.constantFrom(...USERS), fc.constantFrom<1 | 2>(1, 2)), { maxLength: 2 }),
  onExisting: fc.constantFrom<Entry['onExisting']>('adopt', 'rotate', 'fail'),
  removal: fc.constantFrom<Entry['removal']>('revoke', 'retain'),
};

const USUAL: Entry = {
  user: 'tofu@pve',
  number: 1,
  role: 'tofu-role',
  separated: false,
  paths: ['/'],
  expires: false,
  comment: undefined,
  generation: '1',
  retain: [],
  onExisting: 'adopt',
  removal: 'revoke',
};

/** One to three fields are other than they were. */
export const anEdit: fc.Arbitrary<Partial<Entry>> = fc
  .tuple(fc.record(fields), fc.subarray(Object.keys(fields), { minLength: 1, maxLength: 3 }))
  .map(([entry, keys]) => Object.fromEntries(Object.entries(entry).filter(([key]) => keys.includes(key))));

export const anEntry: fc.Arbitrary<Entry> = anEdit.map((edit) => ({ ...USUAL, ...edit }));

export const anOwner: fc.Arbitrary<Owner> = fc.constantFrom(...OWNERS);
