/** What a node was found to hold: data alone, as `inspect` reads it and the planners take it. */

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

export interface NodeFound {
  readonly users: ReadonlyMap<string, FoundUser>;
  readonly tokens: ReadonlyMap<string, FoundToken>;
  /** Custom roles always; those that Proxmox VE makes itself only where the role list was asked for. */
  readonly roles: ReadonlyMap<string, FoundRole>;
  readonly acl: readonly FoundAcl[];
}

/** The same node with that token on it: what is known after `token add` without asking again. */
export function withToken(found: NodeFound, token: FoundToken): NodeFound {
  return { ...found, tokens: new Map(found.tokens).set(token.identity, token) };
}

/** The same node after `token remove`: a node forgets the token's own ACL entries with it (measured). */
export function withoutToken(found: NodeFound, identity: string): NodeFound {
  const tokens = new Map(found.tokens);
  tokens.delete(identity);
  return { ...found, tokens, acl: found.acl.filter((entry) => entry.principal !== identity) };
}
