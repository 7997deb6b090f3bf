/** One call on the node: what the planners return, what `apply` runs, what a report names. */
export type Step =
  | { readonly verb: 'addUser'; readonly userid: string; readonly comment: string; readonly disabled?: true }
  | { readonly verb: 'setUserComment'; readonly userid: string; readonly comment: string }
  | { readonly verb: 'deleteUser'; readonly userid: string }
  | { readonly verb: 'addRole' | 'setRole'; readonly role: string; readonly privileges: readonly string[] }
  | { readonly verb: 'deleteRole'; readonly role: string }
  | Grant
  | { readonly verb: 'revokeGrant'; readonly path: string; readonly role: string; readonly principal: Principal }
  /** `renewToken` gives a token a new secret in place, which a node can since 9.1. */
  | { readonly verb: 'makeToken' | 'renewToken'; readonly identity: string; readonly settings: TokenSettings }
  | { readonly verb: 'readSecret'; readonly identity: string; readonly adopting: boolean }
  | ({ readonly verb: 'setToken'; readonly identity: string } & TokenChange)
  | { readonly verb: 'removeToken'; readonly identity: string };

export interface Grant {
  readonly verb: 'grant';
  readonly path: string;
  readonly role: string;
  readonly propagate: boolean;
  readonly principals: readonly Principal[];
}

export interface Principal {
  readonly type: 'user' | 'token';
  readonly id: string;
}

/** The settings of a token that change in place, its secret untouched (measured). Absent: left as it is. */
export interface TokenChange {
  readonly comment?: string;
  readonly expire?: number;
  readonly privsep?: boolean;
}

/** What a new token is made with. */
export type TokenSettings = Required<TokenChange>;

export const principalOf = (id: string): Principal => ({ type: id.includes('!') ? 'token' : 'user', id });
