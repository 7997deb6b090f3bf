/** Which of the two programs applies a stack. */
export type Kind = 'terraform' | 'tofu';

/** A program that was found, and answers. */
export interface Binary {
  /** Absolute path. */
  readonly binary: string;
  readonly kind: Kind;
  /** Three numbers with dots: `1.11.4`. */
  readonly version: string;
}

/**
 * Where the null and local providers come from: the provider `registry`, what the user's own command-line
 * configuration says (`configured`), or the programs that were built here (`stand-in`).
 */
export type Providers = 'registry' | 'configured' | 'stand-in';

/** An engine that is ready for `cdktf deploy`. */
export interface Engine extends Binary {
  readonly providers: Providers;
  /** What to add to the environment of `cdktf` or of the engine itself. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether `cdktf` needs `--skip-provider-lock`: the lock command asks the registry even where a mirror is set up. */
  readonly skipProviderLock: boolean;
  /** Lines for people, such as the warning that stand-ins are used. */
  readonly notes: readonly string[];
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;
