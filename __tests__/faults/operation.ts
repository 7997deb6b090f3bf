import type { Release } from '../../simulator/node';
import type { Entry } from '../support/verbs';

/** One deploy in the life of an entry: what stands on the node before it, what it wants, and what must have come of it. */
export interface Operation {
  readonly name: string;
  readonly release: Release;
  /** Release of the node that it was until now, where it has moved to another address since. */
  readonly from?: Release;
  /** What other people did before our first deploy, beside that which every operation has: words for `pveum`. */
  readonly others?: readonly string[];
  /** Entries that were deployed before, in this order. */
  readonly before?: readonly Entry[];
  /** The entry as this deploy wants it. */
  readonly wanted?: Entry;
  /** The entry that has left the map. */
  readonly removed?: Entry;
  /** What becomes of the secret of the wanted identity. */
  readonly secret?: 'new' | 'kept';
  /** Identities that carry a mark of ours afterwards, sorted. */
  readonly ours: readonly string[];
  /** Set where revoking everything does not bring back the node of before our first deploy: a hand-made token was replaced. */
  readonly replaces?: true;
}

export type Verb = 'access' | 'token' | 'revoke' | 'forget';

/** One start of the program. */
export interface Stage {
  readonly verb: Verb;
  readonly entry: Entry;
}

export function stagesOf({ wanted, removed }: Operation): readonly Stage[] {
  return [
    ...(wanted === undefined
      ? []
      : [
          { verb: 'access' as const, entry: wanted },
          { verb: 'token' as const, entry: wanted },
        ]),
    ...(removed === undefined ? [] : [{ verb: 'revoke' as const, entry: removed }]),
    { verb: 'forget', entry: wanted ?? removed ?? {} },
  ];
}

/** Every owner that may have something on the node, an entry each. */
export function ownersOf({ before = [], wanted }: Operation): readonly Entry[] {
  const entries = [...before, ...(wanted === undefined ? [] : [wanted])];
  return [...new Map(entries.map((entry) => [entry.owner?.cluster, entry])).values()];
}
