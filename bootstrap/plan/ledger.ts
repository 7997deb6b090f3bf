import { type Claim, claimWords, sectionOf, withSection } from '../../contract/mark';
import type { NodeFound } from '../node/found';
import type { Step } from '../node/steps';
import { isMadeUser, isOf, isThere, keyOf, keysOf, type Ledger, ledgersOn, ledgerUser } from './claims';
import { type Needs, neededClaims } from './needed';
import { markTooLong } from './refusals';
import { revokeSteps, sortOut } from './unneeded';
import { isRoot, leavesAccess, type Wanted } from './wanted';

export interface LedgerPlan {
  /** The claims on all that is made after them. */
  readonly first: readonly Step[];
  /** What we made and nobody wants any longer. */
  readonly revokes: readonly Step[];
  /** The claims that are left. */
  readonly last: readonly Step[];
}

/**
 * What we made for one entry, written down before it is made and struck out after it is gone: cut off between any two steps, the
 * next run still knows what is ours.
 */
export function planLedger(wanted: Wanted, found: NodeFound, needs: Needs): LedgerPlan {
  const ledgers = ledgersOn(found);
  const holder = holderOf(wanted, found, ledgers);
  // What an entry made before it left all this to others stays on its list.
  if (leavesAccess(wanted) && holder === wanted.token.userid) return { first: [], revokes: [], last: [] };
  const ours = ledgers.filter(isOf(wanted.owner));
  const theirs = keysOf(ledgers.filter((ledger) => !ours.includes(ledger)));
  const listed = keysOf(ledgers);

  const needed = neededClaims(wanted, found, holder, needs);
  const made = needed.filter((claim) => claim.kind === 'token' || !isThere(found, claim) || listed.has(keyOf(claim)));
  const { stale, staying } = sortOut(wanted, found, { holder, ours, theirs }, new Set(needed.map(keyOf)), needs);
  const settled = [...made, ...staying];
  const { first, last } = writeClaims(wanted, found, holder, { during: [...settled, ...stale], settled });
  const others = ours.filter((ledger) => ledger.holder !== holder);
  return {
    first,
    revokes: stale.flatMap(revokeSteps),
    last: [...last, ...others.flatMap((ledger) => strikeOut(ledger, stale, found))],
  };
}

/** Out of a list that stays because of retained tokens. */
function strikeOut({ owner, holder, claims }: Ledger, gone: readonly Claim[], found: NodeFound): Step[] {
  const left = claims.filter((claim) => !gone.includes(claim));
  if (left.length === claims.length) return [];
  const comment = withSection(found.users.get(holder)?.comment ?? '', owner, claimWords(left, holder));
  return [{ verb: 'setUserComment', userid: holder, comment: comment ?? tooLong() }];
}

/** The user in whose comment this entry's claims stand: its own user where that is ours. */
export function holderOf(wanted: Wanted, found: NodeFound, ledgers: readonly Ledger[]): string {
  const { userid } = wanted.token;
  const isOurs = found.users.has(userid) ? isMadeUser(ledgers, userid) : !isRoot(wanted);
  return isOurs ? userid : ledgerUser(wanted.owner);
}

function writeClaims(
  { owner, token }: Wanted,
  found: NodeFound,
  holder: string,
  { during, settled }: { readonly during: readonly Claim[]; readonly settled: readonly Claim[] },
): Pick<LedgerPlan, 'first' | 'last'> {
  const isLedger = holder !== token.userid;
  const standing = found.users.get(holder)?.comment;
  if (isLedger && standing === undefined && during.length === 0) return { first: [], last: [] };
  const text = standing ?? (isLedger ? LEDGER_TEXT : '');
  const written = new Set(sectionOf(text, owner)?.words);
  const render = (claims: readonly Claim[]) => withSection(text, owner, wordsOf(claims, holder)) ?? tooLong();
  // Claims that stand there already need no writing, and those that are too many go at the end.
  const meanwhile = wordsOf(during, holder).every((word) => written.has(word)) ? standing : render(during);
  const left = render(settled);
  const set = (comment: string): Step => ({ verb: 'setUserComment', userid: holder, comment });
  const add = (comment: string): Step => ({
    verb: 'addUser',
    userid: holder,
    comment,
    ...(isLedger ? { disabled: true } : {}),
  });
  return {
    first: standing === undefined ? [add(meanwhile ?? left)] : meanwhile === standing ? [] : [set(meanwhile ?? left)],
    last:
      isLedger && settled.length === 0
        ? [{ verb: 'deleteUser', userid: holder }]
        : meanwhile === left
          ? []
          : [set(left)],
  };
}

function tooLong(): never {
  throw markTooLong();
}

/** What an administrator reads who wonders about that user. */
const LEDGER_TEXT = 'Disabled on purpose. Lists what cdktf-proxmox-tokens made beside users of others.';

const wordsOf = (claims: readonly Claim[], holder: string) => [...new Set(claimWords(claims, holder))];
