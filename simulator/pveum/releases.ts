/** What differs between the four measured releases. */
export const RELEASES = ['7.4', '8.4', '9.0', '9.1'] as const;
export type Release = (typeof RELEASES)[number];

export interface Traits {
  /** Role ids that start with PVE are refused by `role add`. */
  readonly reservesPve: boolean;
  /** User properties have length limits, passwords need 8 characters. */
  readonly limitsUserFields: boolean;
  /** `user token delete` exists beside `remove`. */
  readonly tokenDelete: boolean;
  /** Percent signs in remarks are encoded in user.cfg. */
  readonly encodesPercent: boolean;
  /** The pool path that every permission dump looks at: 7.4 has a slip of the pen there. */
  readonly poolPath: '/pool' | '/pools';
  readonly missingPropertyText: (name: string) => string;
  /** `user token modify` takes --regenerate, and an empty --comment. */
  readonly regenerate: boolean;
}

export function traitsOf(release: Release): Traits {
  const is8 = atLeast(release, '8.4');
  return {
    reservesPve: is8,
    limitsUserFields: is8,
    tokenDelete: is8,
    encodesPercent: is8,
    poolPath: is8 ? '/pool' : '/pools',
    missingPropertyText: atLeast(release, '9.0')
      ? (name) => `missing property required by '${name}'`
      : (name) => `missing property - '${name}' requires this property`,
    regenerate: atLeast(release, '9.1'),
  };
}

export const isRelease = (text: string): text is Release => (RELEASES as readonly string[]).includes(text);

/** Whether `release` is `floor` or newer, in the order of the list above. */
export function atLeast(release: Release, floor: Release): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(floor);
}
