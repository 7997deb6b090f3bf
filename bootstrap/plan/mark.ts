import type { Owner } from '../../contract/settings';
import { markTooLong } from '../refusals';

/**
 * The mark that says what is ours: a bracketed section at the end of a comment on the node, one an owner.
 *
 *     CI token [cdktf-proxmox-tokens lab/nuc generation=1]
 *     [cdktf-proxmox-tokens lab/nuc user role:opentofu-role acl:/@opentofu-role]
 *
 * Roles and ACL entries have no comment of their own, so the section lists those that we made (its *claims*): on the
 * user where we made the user, otherwise on the token, since what other people made is never written to.
 */
export type Claim = 'user' | `role:${string}` | `acl:${string}@${string}` | `own:${string}@${string}`;

export interface Section {
  readonly owner: Owner;
  /** On a token: the generation of its secret. */
  readonly generation?: string;
  /** On a token: it was there before us, and stays when we go. */
  readonly adopted?: boolean;
  readonly claims: ReadonlySet<Claim>;
}

export interface Comment {
  /** What people wrote. */
  readonly text: string;
  readonly sections: readonly Section[];
}

const PRODUCT = 'cdktf-proxmox-tokens';
const SECTION = new RegExp(`\\s*\\[${PRODUCT} ([^/\\]\\s]+)/([^/\\]\\s]+)([^\\]]*)\\]`, 'g');
/** The longest comment that `pveum` takes (measured). */
const COMMENT_LENGTH = 2048;

export function parseComment(comment: string): Comment {
  const sections = [...comment.matchAll(SECTION)].map(([, environment = '', cluster = '', rest = '']) =>
    parseSection({ environment, cluster }, rest),
  );
  return { text: comment.replace(SECTION, '').trim(), sections };
}

function parseSection(owner: Owner, rest: string): Section {
  const words = rest.split(' ').filter((word) => word !== '');
  const generation = words.find((word) => word.startsWith('generation='))?.slice('generation='.length);
  const claims = words.filter((word): word is Claim => word === 'user' || /^(role|acl|own):/.test(word));
  return {
    owner,
    claims: new Set(claims),
    ...(generation === undefined ? {} : { generation }),
    ...(words.includes('adopted') ? { adopted: true } : {}),
  };
}

/** Refuses a comment that the node would refuse, while nothing is written yet. */
export function renderComment({ text, sections }: Comment): string {
  const comment = [text, ...sections.map(renderSection)].filter((part) => part !== '').join(' ');
  if (comment.length > COMMENT_LENGTH) throw markTooLong(comment.length, COMMENT_LENGTH);
  return comment;
}

function renderSection({ owner, generation, adopted, claims }: Section): string {
  const words = [
    PRODUCT,
    `${owner.environment}/${owner.cluster}`,
    ...(generation === undefined ? [] : [`generation=${generation}`]),
    ...(adopted ? ['adopted'] : []),
    ...[...claims].sort(),
  ];
  return `[${words.join(' ')}]`;
}

export function sameOwner(a: Owner, b: Owner): boolean {
  return a.environment === b.environment && a.cluster === b.cluster;
}

export function sectionOf(comment: string, owner: Owner): Section | undefined {
  return parseComment(comment).sections.find((section) => sameOwner(section.owner, owner));
}

/** The comment with the owner's section put in place, replaced, or (`undefined`) taken out. */
export function withSection(comment: string, owner: Owner, section: Section | undefined): string {
  const { text, sections } = parseComment(comment);
  const others = sections.filter((other) => !sameOwner(other.owner, owner));
  return renderComment({ text, sections: section === undefined ? others : [...others, section] });
}
