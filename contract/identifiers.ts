/**
 * The identifiers that travel to a node as command arguments.
 *
 * The rules are stricter than the node's own: measured on four releases, `pveum` lets `!`, `,`, `;` and a second `@`
 * into a user id and reads a leading `-` as an option. What passes here means the same to every shell and every `pveum`.
 * Each `check…` returns what is wrong, or nothing.
 */

/** `user@realm!tokenid`, taken apart. */
export interface TokenIdentity {
  /** The whole: `opentofu@pve!opentofu-token`. */
  readonly identity: string;
  /** `opentofu@pve` */
  readonly userid: string;
  /** `opentofu-token` */
  readonly tokenid: string;
}

const USERID = /^[A-Za-z0-9_][A-Za-z0-9._+-]*@[A-Za-z][A-Za-z0-9._-]+$/;
const USERID_LENGTH = 64;
const TOKENID = /^[A-Za-z][A-Za-z0-9._-]+$/;
const TOKENID_LENGTH = 128;
const ROLEID = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const ROLEID_LENGTH = 128;
const PRIVILEGE = /^[A-Z][A-Za-z]*(\.[A-Z][A-Za-z]*)+$/;
const SEGMENT = '[A-Za-z0-9._-]+';
const ACL_PATH = new RegExp(
  `^(/|/access|/access/(groups|realm)(/${SEGMENT})?|/mapping(/(pci|usb|dir)(/${SEGMENT})?)?` +
    `|/nodes(/${SEGMENT})?|/pool(/${SEGMENT}){0,3}|/sdn(/${SEGMENT})*|/storage(/${SEGMENT})?|/vms(/[1-9][0-9]{2,})?)$`,
);
const GENERATION = /^[A-Za-z0-9._-]{1,64}$/;
/** The form of a secret: the UUID that the node makes. */
export const SECRET = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Names of clusters and environments: they become block names, stack names, folder names and marks on the node. */
export const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const NAME_LENGTH = 64;

/** The user that needs no user entry, role or ACL entry: the node gives it everything (measured). */
export const ROOT = 'root@pam';

export function checkUserid(userid: string): string | undefined {
  if (userid.length > USERID_LENGTH) return `is longer than ${USERID_LENGTH} characters`;
  if (!USERID.test(userid)) return 'is not a user id of the form user@realm (letters, digits, `.`, `_`, `+`, `-`)';
  return undefined;
}

export function checkTokenid(tokenid: string): string | undefined {
  if (tokenid.length > TOKENID_LENGTH) return `is longer than ${TOKENID_LENGTH} characters`;
  if (!TOKENID.test(tokenid)) {
    return 'is not a token id (two characters or more: a letter, then letters, digits, `.`, `_`, `-`)';
  }
  return undefined;
}

export function checkIdentity(identity: string): string | undefined {
  const parts = identity.split('!');
  if (parts.length !== 2) return 'is not a token identity of the form user@realm!tokenid';
  const [userid, tokenid] = parts as [string, string];
  return checkUserid(userid) ?? checkTokenid(tokenid);
}

export function checkRoleid(roleid: string): string | undefined {
  if (roleid.length > ROLEID_LENGTH) return `is longer than ${ROLEID_LENGTH} characters`;
  if (!ROLEID.test(roleid)) return 'is not a role id (letters, digits, `.`, `_`, `-`, not beginning with `-` or `.`)';
  return undefined;
}

export function checkPrivilege(privilege: string): string | undefined {
  return PRIVILEGE.test(privilege) ? undefined : 'is not a privilege name such as VM.Audit';
}

export function checkAclPath(path: string): string | undefined {
  if (ACL_PATH.test(path)) return undefined;
  if (path.startsWith('/pools')) return 'is not an ACL path of Proxmox VE (pools are at /pool/NAME, without an s)';
  return 'is not an ACL path of Proxmox VE (such as /, /vms/100, /storage/NAME, /pool/NAME, /nodes/NAME, /mapping/pci/NAME)';
}

export function checkGeneration(generation: string): string | undefined {
  return GENERATION.test(generation) ? undefined : 'is not 1 to 64 letters, digits, `.`, `_`, `-`';
}

export function checkName(name: string): string | undefined {
  if (name.length > NAME_LENGTH) return `is longer than ${NAME_LENGTH} characters`;
  return NAME.test(name) ? undefined : 'is not a plain name (a letter, then letters, digits, `_`, `-`)';
}

const CONTROLS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The longest text of a token's comment: it shares one line of the node with our mark. */
export const COMMENT_LENGTH = 200;

/** Control characters, line separators and halves of characters: they would end or change a line somewhere. */
export function hasControls(text: string): boolean {
  return CONTROLS.test(text);
}

/** Takes a checked identity apart. Throws `RangeError` on one that `checkIdentity` refuses: a defect of the caller. */
export function parseIdentity(identity: string): TokenIdentity {
  const complaint = checkIdentity(identity);
  if (complaint !== undefined) throw new RangeError(`token identity ${complaint}`);
  const [userid, tokenid] = identity.split('!') as [string, string];
  return { identity, userid, tokenid };
}

/** Roles that Proxmox VE makes itself and that nobody may change: used as they are, never written. */
export function isBuiltInRole(roleid: string): boolean {
  return roleid === 'Administrator' || roleid === 'NoAccess' || /^PVE/i.test(roleid);
}
