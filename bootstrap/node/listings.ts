import type { FoundAcl, FoundRole, FoundToken, FoundUser, NodeFound } from './found';

/** Rows of `pveum user list --full 1`, `role list` and `acl list` as JSON, in the shapes that four releases were seen to give. */
interface UserRow {
  readonly userid: string;
  readonly comment?: string;
  readonly groups?: string;
  readonly tokens?: readonly TokenRow[] | null;
}
interface TokenRow {
  readonly tokenid: string;
  readonly comment?: string;
  readonly expire?: number | string;
  readonly privsep?: number | string;
}
interface RoleRow {
  readonly roleid: string;
  readonly privs?: string;
}
interface AclRow {
  readonly path: string;
  readonly roleid: string;
  readonly type: FoundAcl['type'];
  readonly ugid: string;
  readonly propagate?: number | string;
}

/** Every role of the node, the built-in ones too. Throws `SyntaxError` on text that is not JSON. */
export function parseRoles(json: string): ReadonlyMap<string, FoundRole> {
  const rows = JSON.parse(json) as readonly RoleRow[];
  return new Map(rows.map((row) => [row.roleid, { roleid: row.roleid, privileges: new Set(privilegesOf(row)) }]));
}

/** The same facts as in `user.cfg`, from the three lists: for an operator who may run `pveum` and read no file. */
export function parseListings(users: string, roles: string, acl: string): NodeFound {
  const rows = JSON.parse(users) as readonly UserRow[];
  return {
    users: new Map(
      rows.map((row): [string, FoundUser] => [row.userid, { userid: row.userid, comment: row.comment ?? '' }]),
    ),
    tokens: new Map(rows.flatMap(tokensOf).map((token) => [token.identity, token])),
    roles: parseRoles(roles),
    rolesListed: true,
    groups: groupsOf(rows),
    acl: (JSON.parse(acl) as readonly AclRow[]).map(aclOf),
  };
}

function privilegesOf(row: RoleRow): string[] {
  return (row.privs ?? '').split(',').filter((privilege) => privilege !== '');
}

function groupsOf(rows: readonly UserRow[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { userid, groups: names = '' } of rows) {
    for (const name of names.split(',').filter(Boolean)) groups.set(name, (groups.get(name) ?? new Set()).add(userid));
  }
  return groups;
}

function tokensOf(row: UserRow): FoundToken[] {
  return (row.tokens ?? []).map((token) => ({
    identity: `${row.userid}!${token.tokenid}`,
    userid: row.userid,
    expire: Number(token.expire ?? 0),
    privsep: Number(token.privsep ?? 1) === 1,
    comment: token.comment ?? '',
  }));
}

function aclOf(row: AclRow): FoundAcl {
  const { path, roleid: role, type, ugid: principal } = row;
  return { path, role, type, principal, propagate: Number(row.propagate ?? 1) === 1 };
}
