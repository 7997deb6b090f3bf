import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode } from '../contract/error-code';
import { Refusal } from '../contract/refusal';
import type {
  AccessVerbSettings,
  ForgetVerbSettings,
  NodeSettings,
  RevokeVerbSettings,
  TokenVerbSettings,
  VerifySettings,
} from '../contract/settings';
import type { Run } from './apply';
import type { Clock } from './clock';
import { forgetHandoffs, openHandoff } from './handoff';
import { openNode } from './node/session';
import { absolute } from './paths';
import { caUnreadable, verbUnknown } from './refusals';
import { checkNodeSettings, checkRevokeSettings, parseSettings } from './settings';
import { connect, forEntry, type Machine } from './ssh';
import { guardStateFiles } from './state-files';
import { runAccess } from './verbs/access';
import { runRevoke } from './verbs/revoke';
import { runToken } from './verbs/token';
import { type Api, reachApi, verifyToken } from './verify';

/** What the program takes from its process: the entry file gives the real things, tests their own. */
export interface Host {
  /** `process.cwd()`: the stack's folder. */
  readonly folder: string;
  /** The operator's machine, but for the project's folder, which the settings name. */
  readonly machine: Omit<Machine, 'project'>;
  readonly clock: Clock;
  readonly print: (line: string) => void;
  readonly isOrphan: () => boolean;
}

const VERBS = ['access', 'token', 'revoke', 'forget'];

/** Runs one verb. Throws `Refusal` for what the operator can put right; anything else is a defect. */
export async function runProgram(verb: string | undefined, text: string | undefined, host: Host): Promise<void> {
  switch (verb) {
    case 'access':
      return access(parseSettings<AccessVerbSettings>(text), host);
    case 'token':
      return token(parseSettings<TokenVerbSettings>(text), host);
    case 'revoke':
      return revoke(parseSettings<RevokeVerbSettings>(text), host);
    case 'forget':
      return forget(parseSettings<ForgetVerbSettings>(text), host);
    default:
      throw verbUnknown(verb, VERBS);
  }
}

async function access(settings: AccessVerbSettings, host: Host): Promise<void> {
  await prepareHost(settings, host);
  const receipt = await openHandoff(resolve(host.folder, settings.project), settings.receipt);
  try {
    await onNode(settings, host, (run) => runAccess(settings, run));
    await receipt.complete();
  } finally {
    await receipt.abandon();
  }
}

async function token(settings: TokenVerbSettings, host: Host): Promise<void> {
  const api = await prepareHost(settings, host);
  const project = resolve(host.folder, settings.project);
  await onNode(settings, host, (run) =>
    runToken(settings, run, {
      openHandoff: () => openHandoff(project, settings.handoff),
      verify: async (secret, expected) => {
        if (api === undefined) return;
        await verifyToken(api, secret, expected);
        host.print(`token ${settings.identity}: verified at ${api.endpoint}`);
      },
    }),
  );
}

/** All that can be refused before the node is reached: the settings, the state files, and an API that no token would get through. */
async function prepareHost(settings: NodeSettings, host: Host): Promise<Api | undefined> {
  checkNodeSettings(settings);
  const project = resolve(host.folder, settings.project);
  await guardStateFiles(project, settings.state_files);
  if (settings.verify === undefined) return undefined;
  const api = { ...settings.verify, ca: await readCa(settings.verify, project, host.machine.home) };
  await reachApi(api);
  return api;
}

async function forget({ project, handoffs, state_files }: ForgetVerbSettings, { folder, print }: Host): Promise<void> {
  await guardStateFiles(resolve(folder, project), state_files);
  const count = await forgetHandoffs(resolve(folder, project), handoffs);
  print(count === 0 ? 'hand-off: none left' : `hand-off: ${count} deleted, the state alone holds the secrets`);
}

async function revoke(settings: RevokeVerbSettings, host: Host): Promise<void> {
  if (settings.removal === 'retain') {
    return host.print('revoke: `removal = "retain"`, everything stays on the node');
  }
  checkRevokeSettings(settings);
  return onNode(settings, host, (run) => runRevoke(settings, run));
}

async function onNode(
  { ssh, project, owner }: Pick<NodeSettings, 'ssh' | 'project' | 'owner'>,
  host: Host,
  act: (run: Run) => Promise<void>,
): Promise<void> {
  const { clock, print: report, isOrphan } = host;
  const done: string[] = [];
  const machine = forEntry({ ...host.machine, project: resolve(host.folder, project) }, owner.cluster);
  const connection = await connect(ssh, machine, report, clock);
  try {
    const node = await openNode(connection, ssh, report);
    const did = (line: string) => {
      done.push(line);
      report(line);
    };
    await act({ node, clock, lockSeconds: ssh.timeouts.lock, report, did, isOrphan });
  } catch (error) {
    throw error instanceof Refusal ? error.after(done) : error;
  } finally {
    await connection.close();
  }
}

export async function readCa(
  { ca_file: file }: VerifySettings,
  project: string,
  home: string,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(absolute(file, { home, project }), 'utf8');
  } catch (cause) {
    throw caUnreadable(file, errorCode(cause));
  }
}
