import { checkAclPath, checkIdentity, checkRoleid, checkUserid } from './identifiers';
import type { Owner } from './settings';

/**
 * The mark that says what is ours: a bracketed section at the end of a comment on the node, one an owner.
 *
 *     on a token           CI token [cdktf-proxmox-tokens lab/nuc generation=1]
 *     on a user we made    [cdktf-proxmox-tokens lab/nuc user role:ci#3f2a9c01 acl:/:ci acl:/:ci:!ci-token]
 *
 * Roles and ACL entries have no comment of their own, so a user's section lists them (its *claims*). Only an administrator can
 * write a user's comment; a token's comment its user can write too, so it never names anything that may be taken away.
 * Whatever does not parse is skipped: text on a node makes no run fail. Everything here takes linear time.
 */
export const MARK = '[cdktf-proxmox-tokens ';

/** The longest comment that `pveum` takes (measured). */
export const COMMENT_LIMIT = 2048;

export interface Section {
  readonly owner: Owner;
  readonly words: readonly string[];
}

export interface Comment {
  /** What people wrote. */
  readonly text: string;
  readonly sections: readonly Section[];
}

const OWNER = /^([^/\s\][]{1,128})\/([^/\s\][]{1,128})$/;

export function parseComment(comment: string): Comment {
  const sections: Section[] = [];
  let text = '';
  let at = 0;
  for (;;) {
    const first = comment.indexOf(MARK, at);
    const end = first < 0 ? -1 : comment.indexOf(']', first);
    if (end < 0) break;
    // The last one before the bracket: a mark that somebody began and never closed hides none of ours.
    const start = comment.lastIndexOf(MARK, end);
    const [name = '', ...words] = comment
      .slice(start + MARK.length, end)
      .split(' ')
      .filter(Boolean);
    const [, environment, cluster] = OWNER.exec(name) ?? [];
    if (environment === undefined || cluster === undefined) text += comment.slice(at, end + 1);
    else {
      text += comment.slice(at, start).trimEnd();
      sections.push({ owner: { environment, cluster }, words });
    }
    at = end + 1;
  }
  return { text: (text + comment.slice(at)).trim(), sections };
}

export function renderComment({ text, sections }: Comment): string {
  const marks = sections.map(({ owner, words }) => `${MARK}${[nameOf(owner), ...words].join(' ')}]`);
  return [text, ...marks].filter(Boolean).join(' ');
}

/** `lab/nuc` */
export function nameOf({ environment, cluster }: Owner): string {
  return `${environment}/${cluster}`;
}

export function sameOwner(a: Owner, b: Owner): boolean {
  return a.environment === b.environment && a.cluster === b.cluster;
}

export function sectionOf(comment: string, owner: Owner): Section | undefined {
  return parseComment(comment).sections.find((section) => sameOwner(section.owner, owner));
}

/**
 * The comment with the owner's section put in place, replaced, or (without words) taken out. Of people's text as much stays as
 * there is room for. `undefined` where the marks alone are longer than a comment.
 */
export function withSection(comment: string, owner: Owner, words: readonly string[] | undefined): string | undefined {
  const { text: written, sections } = parseComment(comment);
  // Of a mark inside another, taking the inner one out would make the outer one whole.
  const text = written.replaceAll(MARK, `(${MARK.slice(1)}`);
  const others = sections.filter((other) => !sameOwner(other.owner, owner));
  // In the place that it has: two entries with one user would otherwise take turns at the end.
  const at = sections.findIndex((other) => sameOwner(other.owner, owner));
  const place = at < 0 ? others.length : at;
  const marks = words === undefined ? others : others.toSpliced(place, 0, { owner, words });
  const room = COMMENT_LIMIT - renderComment({ text: '', sections: marks }).length - 1;
  return room < 0 ? undefined : renderComment({ text: text.slice(0, room).trimEnd(), sections: marks });
}

/**
 * Where a token comes from. `adopted`: others made it, and it stays when the entry goes. `taken-over`: others made it, and the
 * entry has replaced its secret since, so nobody else can use it and it goes with the entry.
 */
export type Origin = 'made' | 'adopted' | 'taken-over';

/** What a token's mark says. */
export interface TokenMark {
  readonly generation?: string;
  readonly origin: Origin;
}

const GENERATION = 'generation=';

export function tokenMarkOf({ words }: Section): TokenMark {
  const generation = words.find((word) => word.startsWith(GENERATION))?.slice(GENERATION.length);
  const origin = words.find((word): word is Origin => word === 'adopted' || word === 'taken-over') ?? 'made';
  return { origin, ...(generation === undefined ? {} : { generation }) };
}

export function tokenWords({ generation, origin }: TokenMark): string[] {
  return [...(generation === undefined ? [] : [GENERATION + generation]), ...(origin === 'made' ? [] : [origin])];
}

/** One thing that an entry made. */
export type Claim =
  | { readonly kind: 'user'; readonly userid: string }
  | { readonly kind: 'role'; readonly role: string; readonly digest?: string }
  | { readonly kind: 'acl'; readonly path: string; readonly role: string; readonly principal: string }
  /** A token of a user that others made. */
  | { readonly kind: 'token'; readonly identity: string };

/** The claims in a section of that user's comment. */
export function claimsIn({ words }: Section, userid: string): Claim[] {
  return words.flatMap((word) => parseClaim(word, userid) ?? []);
}

function parseClaim(word: string, userid: string): Claim | undefined {
  if (word === 'user') return { kind: 'user', userid };
  const [kind, first = '', role = '', principal = ''] = word.split(':');
  if (kind === 'role') {
    const [name = '', digest] = first.split('#');
    if (checkRoleid(name) !== undefined) return undefined;
    return { kind, role: name, ...(digest === undefined ? {} : { digest }) };
  }
  if (kind === 'token' && checkIdentity(first) === undefined) return { kind, identity: first };
  if (kind !== 'acl' || checkAclPath(first) !== undefined || checkRoleid(role) !== undefined) return undefined;
  const whole = principal === '' || principal.startsWith('!') ? userid + principal : principal;
  const complaint = whole.includes('!') ? checkIdentity(whole) : checkUserid(whole);
  return complaint === undefined ? { kind, path: first, role, principal: whole } : undefined;
}

/** The words of a section in that user's comment: what it says of the user itself is said short. */
export function claimWords(claims: readonly Claim[], userid: string): string[] {
  return claims.map((claim) => claimWord(claim, userid)).sort();
}

function claimWord(claim: Claim, userid: string): string {
  switch (claim.kind) {
    case 'user':
      return 'user';
    case 'role':
      return `role:${claim.role}${claim.digest === undefined ? '' : `#${claim.digest}`}`;
    case 'token':
      return `token:${claim.identity}`;
    case 'acl': {
      const { path, role, principal } = claim;
      const of =
        principal === userid || principal.startsWith(`${userid}!`) ? principal.slice(userid.length) : principal;
      return ['acl', path, role, ...(of === '' ? [] : [of])].join(':');
    }
  }
}
