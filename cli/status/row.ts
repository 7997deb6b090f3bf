/** What is said of one token: the line of the table, and what `--json` shows of it. */

/** What may be said of a token, or of its environment. The names are stable. */
export const STATES = [
  'token-missing',
  'token-refused',
  'expired',
  'expires-soon',
  'privileges-missing',
  'privileges-excess',
  'node-drift',
  'deploy-refused',
  'state-drift',
  'output-drift',
  'removal-due',
  'state-elsewhere',
  'state-encrypted',
  'state-unseen',
  'node-unseen',
  'api-unseen',
] as const;

export type StateName = (typeof STATES)[number];

/** `finding` makes exit code 3, `unseen` makes 1, a `note` neither. */
export interface Remark {
  readonly tier: 'finding' | 'unseen' | 'note';
  readonly name: StateName;
  readonly text: string;
  /** What mends it. */
  readonly command?: string;
}

/** Privileges on one path. */
export interface PathRights {
  readonly path: string;
  readonly privileges: readonly string[];
}

/** Where something is not as it should be: the node as the env file wants it, state and output file as the node has it. */
export type Place = 'node' | 'state' | 'output';

export interface Row {
  readonly environment: string;
  readonly cluster: string;
  /** Host name or address, as SSH takes it. */
  readonly node: string;
  readonly identity: string;
  /** An older identity that is kept alive while consumers move. */
  readonly retained?: true;
  /** Absent wherever it could not be looked at. */
  readonly release?: string;
  readonly there?: boolean;
  /** Whether the API takes it; absent where it was not asked. */
  readonly accepted?: boolean;
  /** Absent where nothing is wanted of the token's privileges, or nothing known. */
  readonly missing?: readonly PathRights[];
  readonly excess?: readonly PathRights[];
  /** Seconds since the epoch; 0: never. */
  readonly expire?: number;
  /** Whole days until then, negative afterwards. */
  readonly days?: number;
  readonly generation: {
    readonly wanted?: string;
    /** In the mark on the node; absent where the token has no mark of this entry. */
    readonly found?: string;
  };
  readonly drift: readonly Place[];
  readonly remarks: readonly Remark[];
}
