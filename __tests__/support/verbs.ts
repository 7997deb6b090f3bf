import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, runProgram } from '../../bootstrap/program';
import {
  type AccessSettings,
  type AccessVerbSettings,
  type Owner,
  SETTINGS_FORMAT,
  type SshSettings,
  type TokenVerbSettings,
} from '../../contract/settings';
import type { SimulatedNode } from '../../simulator/node';

export interface Operator {
  /** The folder of `cdktf.json`. */
  readonly project: string;
  /** Everything that the verbs printed. */
  readonly lines: string[];
  readonly around: Host;
}

export function anOperator(project: string, over: Partial<Host> = {}): Operator {
  const lines: string[] = [];
  let now = 0;
  const around: Host = {
    folder: project,
    machine: { home: project, localUser: 'operator', systemFolder: project },
    // Time passes only when somebody waits.
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    },
    print: (line) => lines.push(line),
    isOrphan: () => false,
    ...over,
  };
  return { project, lines, around };
}

export interface Entry {
  readonly identity?: string;
  readonly access?: Partial<AccessSettings>;
  readonly ssh?: Partial<SshSettings>;
  readonly owner?: Owner;
  readonly generation?: string;
  readonly retain?: readonly string[];
  readonly on_existing?: TokenVerbSettings['on_existing'];
  readonly verify?: false;
}

const ROLE: Pick<AccessSettings, 'role' | 'preset' | 'acl'> = {
  role: 'opentofu-role',
  preset: 'opentofu',
  acl: [{ path: '/', propagate: true }],
};

/** What the constructs would tell the verbs of this entry: each reads parts of it. */
export type EntrySettings = AccessVerbSettings & TokenVerbSettings;

export function settingsFor(node: SimulatedNode, entry: Entry = {}): EntrySettings {
  const { identity = 'opentofu@pve!opentofu-token', owner = { environment: 'lab', cluster: 'nuc' } } = entry;
  const needsNone = identity.startsWith('root@pam!') && !entry.access?.privilege_separation;
  return {
    format: SETTINGS_FORMAT,
    project: '.',
    owner,
    ssh: {
      host: node.ssh.host,
      port: node.ssh.port,
      user: 'root',
      identity_file: node.privateKeyFile,
      host_key: node.ssh.hostKey,
      timeouts: { connect: 20, command: 60, lock: 60 },
      ...entry.ssh,
    },
    identity,
    access: { ...(needsNone ? { acl: [] } : ROLE), ...entry.access },
    on_existing: entry.on_existing ?? 'adopt',
    generation: entry.generation ?? '1',
    retain: entry.retain ?? [],
    ...(entry.verify === false
      ? {}
      : { verify: { endpoint: node.api.url, insecure: false, ca_file: node.api.caFile } }),
    receipt: `.handoff/${owner.environment}/${owner.cluster}-access-1`,
    handoff: `.handoff/${owner.environment}/${owner.cluster}-1`,
  };
}

/** Runs one verb in this process, as the program would. */
export function runVerb(
  verb: 'access' | 'token' | 'revoke',
  settings: EntrySettings,
  operator: Operator,
): Promise<void> {
  return runProgram(verb, JSON.stringify({ ...settings, removal: 'revoke' }), operator.around);
}

/** Both verbs, as one deploy of the entry runs them. Returns the secret that was handed off, and takes it away. */
export async function deploy(settings: EntrySettings, operator: Operator): Promise<string> {
  await runVerb('access', settings, operator);
  await runVerb('token', settings, operator);
  return readFileSync(join(operator.project, settings.handoff), 'utf8');
}

export function forget(settings: EntrySettings, operator: Operator): Promise<void> {
  const handoffs = `.handoff/${settings.owner.environment}`;
  return runProgram('forget', JSON.stringify({ format: SETTINGS_FORMAT, project: '.', handoffs }), operator.around);
}

/** `user.cfg` and `token.cfg` as they stand. */
export function nodeFiles(node: SimulatedNode): { readonly user: string; readonly token: string } {
  const read = (name: string) => {
    const folder = join(node.root, 'etc/pve', name.includes('/') ? 'priv' : '');
    const file = name.split('/').at(-1) ?? name;
    return readdirSync(folder).includes(file) ? readFileSync(join(folder, file), 'utf8') : '';
  };
  return { user: read('user.cfg'), token: read('priv/token.cfg') };
}
