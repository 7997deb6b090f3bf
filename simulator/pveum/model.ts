/** What user.cfg holds. */

/** Numbers come from files, strings from the command line: JSON output shows the difference. */
export type Scalar = string | number;

export interface Token {
  privsep: Scalar;
  expire?: Scalar;
  comment?: string;
}

export interface User {
  enable: Scalar;
  expire?: Scalar;
  firstname?: string;
  lastname?: string;
  email?: string;
  comment?: string;
  keys?: string;
  groups?: Set<string>;
  tokens?: Map<string, Token>;
}

export interface Group {
  users: Set<string>;
  comment?: string;
}

/** Role name to propagate flag. */
export type Grants = Map<string, number>;

export interface AclNode {
  readonly users: Map<string, Grants>;
  readonly groups: Map<string, Grants>;
  readonly tokens: Map<string, Grants>;
  readonly children: Map<string, AclNode>;
}

export interface UserConfig {
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly roles: Map<string, Set<string>>;
  readonly acl: AclNode;
}

export const emptyAclNode = (): AclNode => ({
  users: new Map(),
  groups: new Map(),
  tokens: new Map(),
  children: new Map(),
});
