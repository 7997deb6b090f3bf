/**
 * What the constructs tell the bootstrap program: one JSON text in one environment variable, without secrets.
 * Both sides compile against these types; `format` guards against a program of another release.
 */

/** The environment variable that holds the settings of one verb, as JSON. */
export const SETTINGS_VARIABLE = 'PROXMOX_TOKENS_SETTINGS';
export const SETTINGS_FORMAT = 2;
/** The environment variable that holds the path of a receipt, for the shell that looks for it. */
export const RECEIPT_VARIABLE = 'PROXMOX_TOKENS_RECEIPT';

/** Where hand-off files stand, a folder an environment, relative to the folder of `cdktf.json`. */
export const HANDOFF_FOLDER = '.handoff';

export type OnExisting = 'adopt' | 'rotate' | 'fail';
export type Removal = 'revoke' | 'retain';

/** How the operator's machine reaches one node. What is left out comes from `~/.ssh/config`, then from OpenSSH's defaults. */
export interface SshSettings {
  /** Host name, address or an alias of `~/.ssh/config`. */
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** Private key: absolute, `~/…`, or relative to the folder of `cdktf.json`. */
  readonly identity_file?: string;
  /** Pinned host key: `SHA256:` and 43 base64 characters; several while a node's key is replaced. */
  readonly host_key?: string | readonly string[];
  /** `[user@]host[:port]`, several joined by commas, as ProxyJump has it. */
  readonly jump?: string;
  /** `sudo -n` before every command. Default: when the user is not root. */
  readonly sudo?: boolean;
  readonly timeouts: {
    /** Time limit of one connection attempt, in seconds. */
    readonly connect: number;
    /** Time limit of one remote command, in seconds. */
    readonly command: number;
    /** How long to wait for another run on the node, and for the lock of its configuration, in seconds. */
    readonly lock: number;
  };
}

/** Who owns what is made: one entry of one environment. It stands in the marks on the node. */
export interface Owner {
  readonly environment: string;
  readonly cluster: string;
}

export interface AclSetting {
  readonly path: string;
  readonly propagate: boolean;
}

/** The access that a token is to have. */
export interface AccessSettings {
  /** Absent: user, role and ACL are left as they are (`manage_access = false`, and `root@pam`, which has everything). */
  readonly role?: string;
  /** Name of a preset, resolved against the node's own list; or `privileges`; neither for a built-in role. */
  readonly preset?: string;
  readonly privileges?: readonly string[];
  readonly acl: readonly AclSetting[];
  /** Absent: off for a token that is made, as found for one that is adopted. */
  readonly privilege_separation?: boolean;
  /** Seconds since the epoch; 0: never. Absent: never for a token that is made, as found for one that is adopted. */
  readonly expire?: number;
  /** Free text before our mark in the token's comment; absent: whatever text is there stays. */
  readonly comment?: string;
  /** Rights of users and tokens that others made may change with this entry's; absent: such a deploy is refused. */
  readonly change_others?: boolean;
}

/** The policy under which the consumer, and so the verification, talks to the API. */
export interface VerifySettings {
  /** `https://host:port` */
  readonly endpoint: string;
  readonly insecure: boolean;
  /** CA certificates (PEM): absolute, `~/…`, or relative to the folder of `cdktf.json`. */
  readonly ca_file?: string;
}

interface Common {
  readonly format: typeof SETTINGS_FORMAT;
  /** From the working folder of the program to the folder of `cdktf.json`. */
  readonly project: string;
  readonly owner: Owner;
}

/** Verbs that run before or after a secret comes into the state. */
interface Guarded {
  /** Local state files to be kept at 0600, relative to `project`; the engine itself makes them readable to all. */
  readonly state_files?: readonly string[];
}

/** Verbs `access` and `token` share what the token is to be. */
export interface NodeSettings extends Common, Guarded {
  readonly ssh: SshSettings;
  readonly identity: string;
  readonly access: AccessSettings;
  readonly on_existing: OnExisting;
  readonly generation: string;
  /** Older identities of this entry that are kept alive. */
  readonly retain: readonly string[];
  /** Absent: not verified. */
  readonly verify?: VerifySettings;
}

export interface AccessVerbSettings extends NodeSettings {
  /** A file without content of its own, relative to `project`, that is left once all is as wanted. */
  readonly receipt: string;
}

export interface TokenVerbSettings extends NodeSettings {
  /** Hand-off file, relative to `project`. */
  readonly handoff: string;
}

/** What the engine last applied: it alone says which token of a user of others is this entry's to take away. */
export interface RevokeVerbSettings extends Common {
  readonly ssh: SshSettings;
  readonly removal: Removal;
  readonly identity: string;
  readonly retain: readonly string[];
}

export interface ForgetVerbSettings extends Guarded {
  readonly format: typeof SETTINGS_FORMAT;
  readonly project: string;
  /** Folder of the environment's hand-off files, relative to `project`. */
  readonly handoffs: string;
}
