/** A simulated Proxmox VE node: SSH, pveum and API over one folder of files. The door of this room. */
import { startApi } from './api/server';
import { type Faults, type FirstFaults, makeFaults } from './faults';
import { unlock } from './machine/lock';
import { prepareRoot, resetFiles } from './machine/node-files';
import { clearRuns, type PveumRun, readRuns } from './machine/run-log';
import { DEFAULT_SETTINGS, type LockTimes, type Settings } from './machine/settings';
import type { Release } from './pveum/releases';
import { CutPlan } from './ssh/cuts';
import { type KeyPair, keyPair, knownHostsLine } from './ssh/keys';
import { startSsh } from './ssh/server';

export type { Faults } from './faults';
export type { PveumRun } from './machine/run-log';
export { RELEASES, type Release } from './pveum/releases';
export type { Cut } from './ssh/cuts';
export { NOISES, type Noise } from './ssh/noise';

export interface NodeOptions {
  readonly release: Release;
  /** Folder of the node: its files, keys and certificates. A later node in the same folder goes on with them. */
  readonly root: string;
  /** @default 0 - a free port */
  readonly sshPort?: number;
  /** @default 0 - a free port */
  readonly apiPort?: number;
  /** Added to every call of pveum, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** Who may log in besides root, by the same key. @default ['admin'] */
  readonly users?: readonly string[];
  /** What `sudo -n` allows them. @default 'all' */
  readonly sudo?: Settings['sudo'];
  /** How long a program waits for the configuration lock. @default - 10 s, with a line a second */
  readonly lock?: Partial<LockTimes>;
  /** Faults to start with. */
  readonly faults?: FirstFaults;
}

export interface SshEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:` and 43 characters. */
  readonly hostKey: string;
  readonly knownHostsLine: string;
}

export interface SimulatedNode {
  readonly release: Release;
  readonly root: string;
  readonly ssh: SshEndpoint;
  readonly api: { readonly url: string; readonly port: number; readonly caFile: string };
  /** Private key that may log in, mode 0600. */
  readonly privateKeyFile: string;
  readonly faults: Faults;
  /** TCP connections that the SSH server took since the start or the last resetLog. */
  connections(): number;
  /** In the order they came, as the faults count them. */
  commands(): readonly string[];
  /** Calls of pveum in the order they ended, whoever made them. */
  pveumRuns(): readonly PveumRun[];
  resetLog(): void;
  /** Back to the configuration of a fresh installation. */
  resetConfig(): void;
  /** Closes every socket. The folder stays. */
  close(): Promise<void>;
}

export function endpoint(port: number, key: KeyPair): SshEndpoint {
  const host = '127.0.0.1';
  return { host, port, user: 'root', hostKey: key.fingerprint, knownHostsLine: knownHostsLine(host, port, key) };
}

const settingsOf = ({ release, latencyMs = 0, sudo = 'all', lock }: NodeOptions): Settings => ({
  ...DEFAULT_SETTINGS,
  release,
  latencyMs,
  sudo,
  lock: { ...DEFAULT_SETTINGS.lock, ...lock },
});

export async function startNode(options: NodeOptions): Promise<SimulatedNode> {
  const { root, release, users = ['admin'] } = options;
  prepareRoot(root);
  unlock(root);
  clearRuns(root);
  const cuts = new CutPlan();
  const faults = makeFaults(root, settingsOf(options), cuts, options.faults);
  const hostKey = keyPair(root, 'host_key');
  const login = keyPair(root, 'authorized_key');
  let connections = 0;
  const commands: string[] = [];
  const ssh = await startSsh({
    root,
    port: options.sshPort ?? 0,
    hostKey: hostKey.privateKey,
    logins: { users: ['root', ...users], publicBlob: login.publicBlob, publicLine: login.publicLine },
    cuts,
    noise: () => faults.noise,
    refuses: () => faults.refuseConnections,
    onConnection: () => {
      connections += 1;
    },
    onCommand: (line) => commands.push(line),
    watch: (moment, line) => faults.onCommand?.(moment, line),
  });
  const api = await startApi(root, release, options.apiPort ?? 0);
  return {
    release,
    root,
    ssh: endpoint(ssh.port, hostKey),
    api: { url: `https://127.0.0.1:${api.port}`, port: api.port, caFile: api.caFile },
    privateKeyFile: login.privateFile,
    faults,
    connections: () => connections,
    commands: () => [...commands],
    pveumRuns: () => readRuns(root),
    resetLog: () => {
      connections = 0;
      commands.length = 0;
      clearRuns(root);
    },
    resetConfig: () => resetFiles(root),
    close: async () => {
      await Promise.all([ssh.close(), api.close()]);
    },
  };
}
