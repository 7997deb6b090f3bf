/** What differs between the four measured releases, in one table. */
export const RELEASES = ['7.4', '8.4', '9.0', '9.1'] as const;
export type Release = (typeof RELEASES)[number];

export interface Traits {
  /** The line that `pveversion` prints. */
  readonly version: string;
  /** Role ids that start with PVE are refused by `role add`. */
  readonly reservesPve: boolean;
  /** User properties have length limits, passwords need 8 characters. */
  readonly limitsUserFields: boolean;
  /** `user token delete` exists; `remove` is its alias. */
  readonly tokenDelete: boolean;
  /** `user token modify` takes --regenerate and --delete. */
  readonly regenerate: boolean;
  /** `user tfa list` and `user tfa unlock` exist, `user list` tells about locked users. */
  readonly tfaList: boolean;
  /** Percent signs in remarks are encoded in user.cfg. */
  readonly encodesPercent: boolean;
  readonly missingPropertyText: (name: string) => string;
  /** The pool path that every permission dump looks at: 7.4 has a slip of the pen there. */
  readonly poolPath: '/pool' | '/pools';
}

const before90 = (name: string) => `missing property - '${name}' requires this property`;
const since90 = (name: string) => `missing property required by '${name}'`;

const TRAITS: Record<Release, Traits> = {
  '7.4': {
    version: 'pve-manager/7.4-17/513c62be (running kernel: 5.15.131-1-pve)',
    reservesPve: false,
    limitsUserFields: false,
    tokenDelete: false,
    regenerate: false,
    tfaList: false,
    encodesPercent: false,
    missingPropertyText: before90,
    poolPath: '/pools',
  },
  '8.4': {
    version: 'pve-manager/8.4.1/2a5fa54a8503f96d (running kernel: 6.8.12-9-pve)',
    reservesPve: true,
    limitsUserFields: true,
    tokenDelete: true,
    regenerate: false,
    tfaList: true,
    encodesPercent: true,
    missingPropertyText: before90,
    poolPath: '/pool',
  },
  '9.0': {
    version: 'pve-manager/9.0.3/025864202ebb6109 (running kernel: 6.14.8-2-pve)',
    reservesPve: true,
    limitsUserFields: true,
    tokenDelete: true,
    regenerate: false,
    tfaList: true,
    encodesPercent: true,
    missingPropertyText: since90,
    poolPath: '/pool',
  },
  '9.1': {
    version: 'pve-manager/9.1.1/abcdef (running kernel: 6.17.2-1-pve)',
    reservesPve: true,
    limitsUserFields: true,
    tokenDelete: true,
    regenerate: true,
    tfaList: true,
    encodesPercent: true,
    missingPropertyText: since90,
    poolPath: '/pool',
  },
};

export const traitsOf = (release: Release): Traits => TRAITS[release];

export const isRelease = (text: string): text is Release => (RELEASES as readonly string[]).includes(text);

/** Whether `release` is `floor` or newer, in the order of the list above. */
export const atLeast = (release: Release, floor: Release): boolean =>
  RELEASES.indexOf(release) >= RELEASES.indexOf(floor);
