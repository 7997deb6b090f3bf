export interface IdentityFile {
  readonly path: string;
  /** Named by the settings: its faults are refused. Those of the ssh config's files are told, and a missing one is passed over. */
  readonly explicit: boolean;
}

/** A way to log in, as servers and the ssh config name it. */
export type Method = 'publickey' | 'password' | 'keyboard-interactive';

/** Names of the ssh config's lists, of which a peer gets those that we have as well. Absent: no list, ssh2's own. */
export interface Algorithms {
  readonly kex?: readonly string[];
  readonly cipher?: readonly string[];
  readonly hmac?: readonly string[];
  readonly hostKey?: readonly string[];
  /** What a key may log in with. */
  readonly publicKey?: readonly string[];
}

/** A machine to log in to on the way to the node, or the node: all that can be settled without asking it. */
export interface Stop {
  readonly role: 'jump' | 'node';
  /** For messages: its address, and its part in the route. */
  readonly place: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** A shell line whose stdin and stdout are the connection, instead of a socket. */
  readonly proxyCommand?: string;
  /** 4 or 6; 0 for either. */
  readonly family: 0 | 4 | 6;
  readonly localAddress?: string;
  /** In the order to try them; a jump host never gets a password. */
  readonly methods: readonly Method[];
  readonly identityFiles: readonly IdentityFile[];
  /** The agent is used for the keys of `identityFiles` alone. */
  readonly identitiesOnly: boolean;
  readonly agentSocket?: string;
  /** What of the ssh config we cannot log in with: told at once, and again if nothing else works. */
  readonly unused: readonly string[];
  readonly algorithms: Algorithms;
  /** RSA keys with fewer bits count for nothing, the peer's and ours. */
  readonly rsaBits: number;
  readonly knownHostsFiles: readonly string[];
  /** Lists of revoked keys; one that cannot be read is refused. */
  readonly revokedFiles: readonly string[];
  /** The name it has in known_hosts. */
  readonly hostKeyName: string;
  /** Looked up when nothing stands under `hostKeyName`: the name without the port, as OpenSSH does. */
  readonly hostKeyFallback?: string;
  /** Fingerprints, any of which is enough; none: known_hosts decides. */
  readonly pins: readonly string[];
  readonly connectSeconds: number;
  /** A peer that answers `count` questions in a row, one every `seconds`, with silence is given up. */
  readonly keepalive: { readonly seconds: number; readonly count: number };
}
