/** Reads user.cfg: one record a line, unusable ones skipped with a warning. */
import { nodeAt, normalizePath } from './acl-tree';
import { isPlainName, isUserName, splitToken } from './identifiers';
import { type AclNode, emptyAclNode, type Grants, type UserConfig } from './model';
import type { Privileges } from './privileges';
import { decodeText, isTrue, splitList } from './text';

type Warn = (line: string) => void;
/** Why a record is skipped. */
type Complaint = string | undefined;
interface Reader {
  readonly config: UserConfig;
  readonly privileges: Privileges;
  readonly warn: Warn;
}

function defaults(config: UserConfig, privileges: Privileges): void {
  for (const [role, held] of privileges.specialRoles) config.roles.set(role, new Set(held));
  if (!config.users.has('root@pam')) config.users.set('root@pam', { enable: 1 });
}

const textOf = (field: string | undefined): string | undefined => (isTrue(field) ? decodeText(field) : undefined);

/** Absent keys stay absent: output tells a missing value from an empty one. */
function given<T extends object>(entry: T): T {
  for (const key of Object.keys(entry) as (keyof T)[]) if (entry[key] === undefined) delete entry[key];
  return entry;
}

function readUser({ config }: Reader, fields: readonly string[]): Complaint {
  const [user = '', enable, expire, firstname, lastname, email, comment, keys] = fields;
  if (!isUserName(user)) return `user config - ignore user '${user}' - invalid user name`;
  const until = isTrue(expire) ? expire : '0';
  if (!/^\d+$/.test(until)) {
    return `user config - ignore user '${user}' - (illegal characters in expire '${until}')`;
  }
  config.users.set(
    user,
    given({
      enable: isTrue(enable) ? 1 : 0,
      expire: Number(until),
      firstname: textOf(firstname),
      lastname: textOf(lastname),
      email,
      comment: textOf(comment),
      keys: isTrue(keys) ? keys : undefined,
    }),
  );
}

function readToken({ config }: Reader, fields: readonly string[]): Complaint {
  const [name = '', expire, privsep, comment] = fields;
  const token = splitToken(name);
  if (!token) return `user config - ignore invalid tokenid '${name}'`;
  const until = isTrue(expire) ? expire : '0';
  if (!/^\d+$/.test(until)) {
    return `user config - ignore token '${name}' - (illegal characters in expire '${until}')`;
  }
  const user = config.users.get(token.userid);
  if (!user) return `user config - ignore token '${name}' - user does not exist`;
  user.tokens ??= new Map();
  user.tokens.set(
    token.tokenid,
    given({ privsep: isTrue(privsep) ? 1 : 0, expire: Number(until), comment: textOf(comment) }),
  );
}

function readGroup({ config, warn }: Reader, fields: readonly string[]): Complaint {
  const [name = '', members, comment] = fields;
  if (!isPlainName(name)) return `user config - ignore group '${name}' - invalid characters in group name`;
  const group = config.groups.get(name) ?? { users: new Set<string>() };
  config.groups.set(name, group);
  if (isTrue(comment)) group.comment = decodeText(comment);
  for (const member of splitList(members)) {
    const user = config.users.get(member);
    if (!user) warn(`user config - ignore invalid group member '${member}'`);
    if (!isUserName(member)) continue;
    group.users.add(member);
    if (user) user.groups = (user.groups ?? new Set()).add(name);
  }
}

function readRole({ config, privileges, warn }: Reader, fields: readonly string[]): Complaint {
  const [name = '', list] = fields;
  if (!isPlainName(name)) return `user config - ignore role '${name}' - invalid characters in role name`;
  const held = config.roles.get(name) ?? new Set<string>();
  config.roles.set(name, held);
  for (const privilege of splitList(list)) {
    if (privileges.valid.has(privilege)) held.add(privilege);
    else warn(`user config - ignore invalid privilege '${privilege}'`);
  }
}

function grant(members: Map<string, Grants>, member: string, role: string, propagate: number): void {
  members.set(member, (members.get(member) ?? new Map<string, number>()).set(role, propagate));
}

/** One member of an ACL line: `@group`, a user or a token. Unknown groups and users are kept, tokens are not. */
function readMember(
  { config, warn }: Reader,
  node: () => AclNode,
  member: string,
  role: string,
  flag: number,
): Complaint {
  const group = /^@(\S+)$/.exec(member)?.[1];
  const token = splitToken(member);
  if (group !== undefined && isPlainName(group)) {
    if (!config.groups.has(group)) warn(`user config - ignore invalid acl group '${group}'`);
    grant(node().groups, group, role, flag);
  } else if (isUserName(member)) {
    if (!config.users.has(member)) warn(`user config - ignore invalid acl member '${member}'`);
    grant(node().users, member, role, flag);
  } else if (token) {
    if (!config.users.get(token.userid)?.tokens?.has(token.tokenid)) {
      return `user config - ignore invalid acl token '${member}'`;
    }
    grant(node().tokens, member, role, flag);
  } else return `user config - invalid user/group '${member}' in acl`;
}

function readAcl(reader: Reader, fields: readonly string[]): Complaint {
  const { config, warn } = reader;
  const [propagate, pathText = '', members, roles] = fields;
  const path = normalizePath(pathText);
  if (path === undefined) return `user config - ignore invalid path in acl '${pathText}'`;
  for (const role of splitList(roles)) {
    if (!isPlainName(role)) warn(`user config - ignore invalid role name '${role}' in acl`);
    else if (!config.roles.has(role)) warn(`user config - ignore invalid acl role '${role}'`);
    else
      for (const member of splitList(members)) {
        const complaint = readMember(reader, () => nodeAt(config.acl, path), member, role, isTrue(propagate) ? 1 : 0);
        if (complaint !== undefined) warn(complaint);
      }
  }
}

const READERS: Record<string, (reader: Reader, fields: readonly string[]) => Complaint> = {
  user: readUser,
  token: readToken,
  group: readGroup,
  role: readRole,
  acl: readAcl,
};

function fieldsOf(line: string): string[] {
  const fields = line.split(':').map((field) => field.trim());
  while (fields.at(-1) === '') fields.pop();
  return fields;
}

/** `text` holds one character a byte, as the node reads its files. */
export function parseUserConfig(text: string, privileges: Privileges, warn: Warn): UserConfig {
  const config: UserConfig = {
    users: new Map(),
    groups: new Map(),
    roles: new Map(),
    acl: emptyAclNode(),
  };
  defaults(config, privileges);
  const reader = { config, privileges, warn };
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    const [kind = '', ...fields] = fieldsOf(line);
    const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
    const complaint = read ? read(reader, fields) : `user config - ignore config line: ${line}`;
    if (complaint !== undefined) warn(complaint);
  }
  defaults(config, privileges);
  return config;
}
