/** What a node was found to hold: data alone, as `look` reads it and the planners take it. */

export interface FoundUser {
  readonly userid: string;
  readonly comment: string;
}

export interface FoundToken {
  readonly identity: string;
  readonly userid: string;
  /** Seconds since the epoch; 0: never. */
  readonly expire: number;
  readonly privsep: boolean;
  readonly comment: string;
}

export interface FoundRole {
  readonly roleid: string;
  readonly privileges: ReadonlySet<string>;
}

export interface FoundAcl {
  readonly path: string;
  readonly role: string;
  readonly type: 'user' | 'group' | 'token';
  /** User id, group name or token identity. */
  readonly principal: string;
  readonly propagate: boolean;
}

/** Whether the node has a secret of the entry's token, and lets it be read. */
export type FoundSecret =
  | { readonly kind: 'there' | 'none' }
  | { readonly kind: 'unreadable'; readonly answer: string };

export interface NodeFound {
  readonly users: ReadonlyMap<string, FoundUser>;
  readonly tokens: ReadonlyMap<string, FoundToken>;
  /** Custom roles always; those that Proxmox VE makes itself only where the role list was asked for. */
  readonly roles: ReadonlyMap<string, FoundRole>;
  /** Whether it was. */
  readonly rolesListed?: true;
  readonly acl: readonly FoundAcl[];
  /** Members of each group. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  /** Absent: not asked. */
  readonly secret?: FoundSecret;
  /** The node has said that it cannot give a token a new secret in place. */
  readonly cannotRenew?: true;
}

/** The same node after `token remove`: a node forgets the token's own ACL entries with it (measured). */
export function withoutToken(found: NodeFound, identity: string): NodeFound {
  const tokens = new Map(found.tokens);
  tokens.delete(identity);
  return { ...found, tokens, acl: found.acl.filter((entry) => entry.principal !== identity) };
}

export function findAcl(
  { acl }: NodeFound,
  { path, role, principal }: Pick<FoundAcl, 'path' | 'role' | 'principal'>,
): FoundAcl | undefined {
  return acl.find((entry) => entry.principal === principal && entry.path === path && entry.role === role);
}
