import type { Refusal } from '../../contract/refusal';

/** `error`: a deploy would fail. `warning`: it would not, and somebody should know. */
export type Tier = 'error' | 'warning';

/** What a check has found. */
export interface Found {
  readonly tier: Tier;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** Exactly what to run; `fix` says where, if not here. */
  readonly command?: string;
}

/** What was looked at: nothing of it, this machine; without a cluster, the environment as a whole. */
export interface Place {
  readonly environment?: string;
  readonly cluster?: string;
}

export interface Finding extends Found, Place {
  readonly check: string;
}

/** Checks that could not be made, and why. */
export interface Unseen extends Place {
  readonly checks: readonly string[];
  readonly because: string;
}

/** A command line in backquotes, as our refusals have it. */
const COMMAND = /`((?:ssh-copy-id|ssh-keygen|ssh-add|ssh|install|pvecm|pveum|npm) [^`]*)`/;

export function foundIn({ what, why, fix }: Refusal, tier: Tier = 'error'): Found {
  const [, command] = COMMAND.exec(fix) ?? [];
  return { tier, what, why, fix, ...(command === undefined ? {} : { command }) };
}
