import type { Node } from 'constructs';
import type { PresetName } from '../contract/presets';
import type { OnExisting, Removal } from '../contract/settings';
import { checkEntry } from './input/check';
import type { ClusterEntry, Json } from './input/entry';
import { InvalidInput, type Problem } from './input/problem';

/** One Proxmox VE cluster, as an entry of the env file has it, in camel case. */
export interface ProxmoxClusterProps {
  /** The API as its consumers reach it: `https://host:port`. */
  readonly endpoint: string;
  /** Token identity `user@realm!tokenid`. A secret in it is refused. */
  readonly apiToken: string;
  /**
   * Whether consumers, and so the verification, accept any certificate.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * SSH user.
   * @default - what `~/.ssh/config` says of the host, then the local user, as `ssh` does
   */
  readonly username?: string;
  /**
   * Further keys of the entry that land in the output unchanged.
   * @default - none
   */
  readonly attributes?: Readonly<Record<string, Json>>;
  /**
   * How the token gets there. Never written to the output.
   * @default - enough for `root@pam` without privilege separation; any other user needs `role`, a built-in `preset`, or
   * `manageAccess: false`
   */
  readonly bootstrap?: BootstrapProps;
}

export interface BootstrapProps {
  /**
   * Whether user, role and ACL are made and kept as wanted. `false`: they are left to others, the token alone is looked
   * after, and `role`, `preset`, `privileges` and `acl` are refused. So a hand-made token of any user can be adopted.
   * @default true
   */
  readonly manageAccess?: boolean;
  /**
   * Whether rights of users and tokens that others made may change with this cluster's. Without it a deploy that would change
   * them is refused before anything is written, naming who would gain or lose what.
   * @default false
   */
  readonly changeOthers?: boolean;
  /**
   * Role of the user (and, under privilege separation, of the token). Made and kept as wanted, unless it is built in. Refused
   * where another cluster of the app gives it other privileges on the same node.
   * @default - the role of a built-in preset
   */
  readonly role?: string;
  /**
   * Named privilege list that knows the releases of Proxmox VE; not together with `privileges`.
   * @default - none
   */
  readonly preset?: PresetName;
  /**
   * The role's privileges, exactly. Names that the node does not know are refused before anything is written.
   * @default - those of `preset`
   */
  readonly privileges?: readonly string[];
  /**
   * Where the role is given.
   * @default [{ path: "/", propagate: true }]
   */
  readonly acl?: readonly AclProps[];
  /**
   * Whether the token has an ACL of its own, within its user's.
   * @default - off for a token that is made; as it is for one that others made
   */
  readonly privilegeSeparation?: boolean;
  /**
   * When the token ends: seconds since the epoch, or a date such as `2027-01-31`, at whose midnight UTC it begins to fail. 0:
   * never. A time in the past is refused for a token that has to be made.
   * @default - never for a token that is made; as it is for one that others made
   */
  readonly expire?: number | string;
  /**
   * Text of the token's comment, before our mark: one line of at most 200 characters.
   * @default - the text that is there
   */
  readonly comment?: string;
  /**
   * A new value makes a new secret: 1 to 64 letters, digits, `.`, `_`, `-`.
   * @default "1"
   */
  readonly generation?: string | number;
  /**
   * Older identities of this cluster that are kept alive while consumers move.
   * @default - none
   */
  readonly retain?: readonly string[];
  /**
   * What becomes of a token of this identity that others made: its secret is kept, replaced, or the deploy refused.
   * @default "adopt"
   */
  readonly onExisting?: OnExisting;
  /**
   * Whether what was made goes when the cluster leaves the stack.
   * @default "revoke"
   */
  readonly removal?: Removal;
  /**
   * Whether the token is tried at `endpoint` before it is handed off, with every wanted privilege; tried again when `endpoint`,
   * `insecure` or `caFile` change.
   * @default true
   */
  readonly verify?: boolean;
  /**
   * CA certificates (PEM) that the verification trusts: absolute, `~/…`, or relative to the folder of `cdktf.json`.
   * @default - what the machine trusts
   */
  readonly caFile?: string;
  /**
   * How the node is reached.
   * @default - the host of `endpoint`, port 22, and what `~/.ssh/config` says of it
   */
  readonly ssh?: SshProps;
}

export interface AclProps {
  /** ACL path such as `/` or `/pool/lab`. */
  readonly path: string;
  /** @default true */
  readonly propagate?: boolean;
}

export interface SshProps {
  /**
   * Host name, address, or alias of `~/.ssh/config`.
   * @default - the host of `endpoint`
   */
  readonly host?: string;
  /** @default - `~/.ssh/config`, then 22 */
  readonly port?: number;
  /** @default - `username` of the cluster */
  readonly user?: string;
  /**
   * Private key: absolute, `~/…`, or relative to the folder of `cdktf.json`.
   * @default - the agent, then the keys that `ssh` would try
   */
  readonly identityFile?: string;
  /**
   * Fingerprint that the node must show: `SHA256:` and 43 base64 characters. Refused at synthesis in another form. Several,
   * of which it must show one, while a node's key is replaced.
   * @default - the key must stand in known_hosts; an unknown key is refused
   */
  readonly hostKey?: string | readonly string[];
  /**
   * Jump hosts, `[user@]host[:port]`, several joined by commas.
   * @default - ProxyJump of `~/.ssh/config`
   */
  readonly jump?: string;
  /**
   * Whether commands run through `sudo -n`.
   * @default - when the SSH user is not root
   */
  readonly sudo?: boolean;
  readonly timeouts?: TimeoutProps;
}

/** Time limits, in whole seconds. */
export interface TimeoutProps {
  /** One connection attempt, 1 to 600. @default 20 */
  readonly connect?: number;
  /** One remote command, 1 to 600. @default 60 */
  readonly command?: number;
  /** Waiting for another run on the node, and for the lock of its configuration, 0 to 600. @default 60 */
  readonly lock?: number;
}

/** An entry of an env file was checked when the file was read. */
export const isEntry = (props: ProxmoxClusterProps | ClusterEntry): props is ClusterEntry => 'identity' in props;

/** The checked entry of these props. Throws `InvalidInput` with every complaint, by property. */
export function entryOf({ id, path }: Node, props: ProxmoxClusterProps | ClusterEntry): ClusterEntry {
  if (isEntry(props)) return props;
  const { attributes, bootstrap, ...known } = props;
  const raw = { ...attributes, ...snakeCase(known), ...(bootstrap && { bootstrap: snakeCase(bootstrap) }) };
  const source = `ProxmoxCluster ${path}`;
  const checked = checkEntry(id, raw, undefined, { source, path: [], inProps: true });
  if (isProblems(checked)) throw new InvalidInput(source, checked);
  return checked;
}

function isProblems<T>(checked: T | Problem[]): checked is Problem[] {
  return Array.isArray(checked);
}

/** `{ identityFile: … }` to `{ identity_file: … }`, at every depth. What is undefined is left out. */
function snakeCase(map: object): Record<string, unknown> {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [snake(key), snakeCaseIn(value)]));
}

function snakeCaseIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCaseIn);
  return typeof value === 'object' && value !== null ? snakeCase(value) : value;
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
