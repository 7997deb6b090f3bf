/** Writes user.cfg in the node's order: users with their tokens, groups, roles, ACL. */
import { eachNode } from './acl-tree';
import type { AclNode, Grants, Scalar, Token, User, UserConfig } from './model';
import { privilegesOf } from './privileges';
import { type Release, traitsOf } from './releases';
import { encodeText, isTrue, sorted } from './text';

type Encode = (text: string | undefined) => string;
const flag = (value: Scalar | undefined): string => (isTrue(value) ? '1' : '0');
const whole = (value: Scalar | undefined): string => (isTrue(value) ? String(BigInt(value)) : '0');

function userLine(name: string, user: User, encoded: Encode): string {
  const { firstname, lastname, email, comment, keys } = user;
  const names = [encoded(firstname), encoded(lastname), isTrue(email) ? email : '', encoded(comment)];
  return `user:${name}:${flag(user.enable)}:${whole(user.expire)}:${names.join(':')}:${isTrue(keys) ? keys : ''}:\n`;
}

const tokenLine = (name: string, token: Token, encoded: Encode): string =>
  `token:${name}:${whole(token.expire)}:${flag(token.privsep)}:${encoded(token.comment)}:\n`;

function users(config: UserConfig, encoded: Encode): string {
  let text = '';
  for (const name of sorted(config.users.keys())) {
    const user = config.users.get(name);
    if (!user) continue;
    text += userLine(name, user, encoded);
    for (const tokenid of sorted(user.tokens?.keys() ?? [])) {
      const token = user.tokens?.get(tokenid);
      if (token) text += tokenLine(`${name}!${tokenid}`, token, encoded);
    }
  }
  return text;
}

const groups = (config: UserConfig, encoded: Encode): string =>
  sorted(config.groups.keys())
    .map((name) => {
      const group = config.groups.get(name);
      return `group:${name}:${sorted(group?.users ?? []).join(',')}:${encoded(group?.comment)}:\n`;
    })
    .join('');

const roles = (config: UserConfig, special: ReadonlyMap<string, unknown>): string =>
  sorted(config.roles.keys())
    .filter((name) => !special.has(name))
    .map((name) => `role:${name}:${sorted(config.roles.get(name) ?? []).join(',')}:\n`)
    .join('');

/** Members that hold the same roles share a line. */
function collect(lines: Map<string, string[]>, members: Map<string, Grants>, prefix: string, propagate: number): void {
  for (const [member, grants] of members) {
    const held = sorted(grants.keys()).filter((role) => grants.get(role) === propagate);
    if (held.length === 0) continue;
    const list = held.join(',');
    lines.set(list, [...(lines.get(list) ?? []), `${prefix}${member}`]);
  }
}

function aclLines(path: string, node: AclNode): string {
  // Root may do everything anyway, so the node never keeps an entry for it.
  const stored = new Map([...node.users].filter(([user]) => user !== 'root@pam'));
  let text = '';
  for (const propagate of [0, 1]) {
    const lines = new Map<string, string[]>();
    collect(lines, node.groups, '@', propagate);
    collect(lines, stored, '', propagate);
    collect(lines, node.tokens, '', propagate);
    for (const list of sorted(lines.keys())) {
      text += `acl:${propagate}:${path}:${sorted(lines.get(list) ?? []).join(',')}:${list}:\n`;
    }
  }
  return text;
}

export function writeUserConfig(config: UserConfig, release: Release): string {
  const { encodesPercent } = traitsOf(release);
  const encoded: Encode = (text) => (isTrue(text) ? encodeText(text, encodesPercent) : '');
  let acl = '';
  eachNode(config.acl, (path, node) => {
    acl += aclLines(path, node);
  });
  const custom = roles(config, privilegesOf(release).specialRoles);
  // Pools have a section of their own, which stays empty here.
  return [users(config, encoded), groups(config, encoded), '', custom, acl].join('\n');
}
