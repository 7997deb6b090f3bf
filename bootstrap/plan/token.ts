import {
  type Origin,
  parseComment,
  sameOwner,
  sectionOf,
  type TokenMark,
  tokenMarkOf,
  tokenWords,
  withSection,
} from '../../contract/mark';
import type { FoundAcl, FoundToken, NodeFound } from '../node/found';
import type { Step, TokenSettings } from '../node/steps';
import { isOf, keyOf, keysOf, ledgersOn } from './claims';
import { expirePast, ownedByAnother, secretUnreadable, settingsUnsaid, tokenExists } from './refusals';
import type { Wanted } from './wanted';

/** `access` has no part in a token's secret: it changes the settings of a token that is the entry's already. */
export type Scope = 'access' | 'token';

/** What becomes of the token. */
type Decision =
  /** There is no token yet. */
  | 'make'
  /** It is ours and of the wanted generation. */
  | 'keep'
  /** It was made by others: its secret is kept, our mark is put on it. */
  | 'adopt'
  /** Its secret is to be replaced. */
  | 'renew';

export interface TokenPlan {
  /** Steps that make the token, give it a new secret, or read the one that it has. */
  readonly secret: readonly Step[];
  /** Its settings, once it has the ACL entries that it needs under them. */
  readonly settings: readonly Step[];
  /** Whether it needs ACL entries of its own; absent while it is not there, or not ours to change yet. */
  readonly separated?: boolean;
  /** It is ours to remove. */
  readonly ours: boolean;
  /** It is removed and made again: its ACL entries go with it. */
  readonly madeAgain: boolean;
}

/** Refuses, before anything is written, a token that is not to be touched, and one that could not be used. */
export function planToken(wanted: Wanted, found: NodeFound, scope: Scope): TokenPlan {
  const { identity } = wanted.token;
  const standing = found.tokens.get(identity);
  const mark = standing && markOf(wanted, standing);
  const decision = decide(wanted, found, standing, mark);
  const origin = originAfter(decision, mark);
  if (decision === 'make' || decision === 'renew') refuseExpired(wanted, settingsFor(wanted, standing, { origin }));
  // What `access` finds unmarked it leaves to `token`, and the generation tells `token` whose turn it is.
  const settled = scope === 'token' ? { origin, generation: wanted.generation } : mark;
  if (settled === undefined) return { secret: [], settings: [], ours: origin !== 'adopted', madeAgain: false };
  const settings = settingsFor(wanted, standing, settled);
  const secret = scope === 'token' ? secretSteps(wanted, found, decision, settings) : [];
  const change =
    decision === 'keep' || decision === 'adopt' || scope === 'access' ? differences(standing, settings) : {};
  return {
    secret,
    settings: Object.keys(change).length === 0 ? [] : [{ verb: 'setToken', identity, ...change }],
    separated: settings.privsep,
    ours: origin !== 'adopted',
    madeAgain: secret.some(({ verb }) => verb === 'removeToken'),
  };
}

function markOf({ owner }: Wanted, { comment }: FoundToken): TokenMark | undefined {
  const section = sectionOf(comment, owner);
  return section && tokenMarkOf(section);
}

function decide(
  wanted: Wanted,
  found: NodeFound,
  standing: FoundToken | undefined,
  mark: TokenMark | undefined,
): Decision {
  const { owner, token, generation, onExisting } = wanted;
  if (standing === undefined) return 'make';
  const other = parseComment(standing.comment).sections.find((section) => !sameOwner(section.owner, owner));
  if (mark === undefined && other !== undefined) throw ownedByAnother(token, other.owner);
  if (mark === undefined && onExisting === 'fail') throw tokenExists(token.identity);
  if (mark === undefined ? onExisting === 'rotate' : (mark.generation ?? generation) !== generation) return 'renew';
  // A token without a secret is of no use to anybody. One that cannot be read is another matter.
  if (found.secret?.kind === 'none') return 'renew';
  if (found.secret?.kind === 'unreadable') throw secretUnreadable(token.identity, found.secret.answer);
  return mark === undefined ? 'adopt' : 'keep';
}

function originAfter(decision: Decision, mark: TokenMark | undefined): Origin {
  if (decision === 'make') return 'made';
  if (decision !== 'renew') return mark?.origin ?? 'adopted';
  return mark?.origin === 'made' ? 'made' : 'taken-over';
}

/** What the entry does not say stays, on a token that others made, as they had it. */
function settingsFor(wanted: Wanted, standing: FoundToken | undefined, mark: TokenMark): TokenSettings {
  const base = mark.origin === 'made' ? undefined : standing;
  const comment = withSection(wanted.comment ?? standing?.comment ?? '', wanted.owner, tokenWords(mark));
  if (comment === undefined) throw new Error('the mark of a token is short');
  return {
    comment,
    expire: wanted.expire ?? base?.expire ?? 0,
    privsep: wanted.privsep ?? base?.privsep ?? false,
  };
}

function refuseExpired({ token, now }: Wanted, { expire }: TokenSettings): void {
  if (expire !== 0 && expire <= now) throw expirePast(token.identity, expire);
}

function secretSteps(wanted: Wanted, found: NodeFound, decision: Decision, settings: TokenSettings): Step[] {
  const { identity } = wanted.token;
  if (decision === 'keep' || decision === 'adopt')
    return [{ verb: 'readSecret', identity, adopting: decision === 'adopt' }];
  if (decision === 'make') return [{ verb: 'makeToken', identity, settings }];
  if (!found.cannotRenew) return [{ verb: 'renewToken', identity, settings }];
  refuseUnsaid(wanted, found, settings);
  return [
    { verb: 'removeToken', identity },
    { verb: 'makeToken', identity, settings },
  ];
}

/**
 * A run that is cut off between removing and making could not know what the token was like, and would give it more rights. And
 * its ACL entries go with it: those that others gave it nobody would make again.
 */
function refuseUnsaid(wanted: Wanted, found: NodeFound, settings: TokenSettings): void {
  const { token, privsep, expire } = wanted;
  const grants = settings.privsep ? grantsOfOthers(wanted, found) : [];
  const unsaid = [
    ...(privsep === undefined && settings.privsep ? ['privilege_separation = true'] : []),
    ...(expire === undefined && settings.expire !== 0 ? [`expire = ${settings.expire}`] : []),
    ...grants.map(({ path, role }) => `role ${role} for the token on ${path}`),
  ];
  if (unsaid.length > 0) throw settingsUnsaid(token.identity, unsaid);
}

function grantsOfOthers({ owner, token, role, acl }: Wanted, found: NodeFound): FoundAcl[] {
  const mine = keysOf(ledgersOn(found).filter(isOf(owner)));
  return found.acl.filter(
    (entry) =>
      entry.principal === token.identity &&
      !mine.has(keyOf({ ...entry, kind: 'acl' })) &&
      !(entry.role === role && acl.some(({ path }) => path === entry.path)),
  );
}

function differences(standing: FoundToken | undefined, { comment, expire, privsep }: TokenSettings) {
  return {
    ...(standing?.comment === comment ? {} : { comment }),
    ...(standing?.expire === expire ? {} : { expire }),
    ...(standing?.privsep === privsep ? {} : { privsep }),
  };
}
