import { type NodeFound, withToken } from '../node/found';
import { ownedByAnother, tokenExists } from '../refusals';
import { readLedger, tokenComment } from './ledger';
import { parseComment, type Section, sameOwner, sectionOf, withSection } from './mark';
import type { TokenSettings } from './steps';
import type { Wanted } from './wanted';

/** What becomes of the token's secret. */
export type Decision =
  /** There is no token yet. */
  | 'add'
  /** It is ours and of the wanted generation. */
  | 'keep'
  /** It was made by others: its secret is kept, our mark is put on it. */
  | 'adopt'
  /** Its secret is to be replaced. */
  | 'rotate';

/** Refuses, before anything is written, a token of another entry and (under `on_existing = "fail"`) one that is not ours. */
export function decideToken(wanted: Wanted, found: NodeFound): Decision {
  const { owner, token, generation, onExisting } = wanted;
  const there = found.tokens.get(token.identity);
  if (there === undefined) return 'add';
  const { sections } = parseComment(there.comment);
  const ours = sections.find((section) => sameOwner(section.owner, owner));
  if (ours !== undefined) return ours.generation === generation ? 'keep' : 'rotate';
  const other = sections[0];
  if (other !== undefined) throw ownedByAnother(token, other.owner);
  if (onExisting === 'fail') throw tokenExists(token.identity);
  return onExisting;
}

/**
 * The settings that a token is made, or given a new secret, with. Its comment carries the new generation and the claims on
 * all that is made after it: from here on the token alone tells what was wanted.
 */
export function newTokenSettings(wanted: Wanted, found: NodeFound): TokenSettings {
  const { owner, generation, expire, privsep } = wanted;
  return { comment: markedComment(wanted, found, { owner, generation, claims: new Set() }), expire, privsep };
}

/**
 * A token that holds our claims while the one that carries them is removed and made again; nothing where they stand on the
 * user. It expired in 1970 and has no rights: it can be used for nothing. It goes with our older tokens.
 */
export function claimKeeper(
  wanted: Wanted,
  found: NodeFound,
): { identity: string; settings: TokenSettings } | undefined {
  const { owner, token, generation } = wanted;
  const claims = sectionOf(found.tokens.get(token.identity)?.comment ?? '', owner)?.claims ?? new Set();
  const shared = new Set([...claims].filter((claim) => !claim.startsWith('own:')));
  if (shared.size === 0) return undefined;
  const comment = withSection('', owner, { owner, generation, claims: shared });
  // Cut off: the longest token id has no room for a suffix.
  return {
    identity: `${token.userid}!${token.tokenid.slice(0, 100)}.rotating`,
    settings: { comment, expire: 1, privsep: true },
  };
}

/** The comment of a token that was made by others, with our mark. */
export function adoptedComment(wanted: Wanted, found: NodeFound): string {
  const { owner, generation } = wanted;
  return markedComment(wanted, found, { owner, generation, adopted: true, claims: new Set() });
}

function markedComment(wanted: Wanted, found: NodeFound, section: Section): string {
  const { token, owner, expire, privsep } = wanted;
  const before = found.tokens.get(token.identity) ?? { ...token, expire, privsep, comment: '' };
  const marked = sectionOf(before.comment, owner) ? before.comment : withSection(before.comment, owner, section);
  const ledger = readLedger(wanted, withToken(found, { ...before, comment: marked }));
  if (ledger === undefined) throw new Error('a token with our mark always has a ledger');
  const claims = new Set([...ledger.claims, ...ledger.stale]);
  return tokenComment(wanted, withSection(before.comment, owner, section), ledger, claims);
}
