import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type AccessVerbSettings,
  type ForgetVerbSettings,
  HANDOFF_FOLDER,
  type RevokeVerbSettings,
  type SshSettings,
  type TokenVerbSettings,
  type VerifySettings,
} from '../contract/settings';
import { type Run, withProgress } from './apply';
import { forgetHandoffs, ignoreHandoffs, openHandoff } from './handoff';
import { type Clock, openShell } from './node/shell';
import { caUnreadable, verbUnknown } from './refusals';
import { checkNodeSettings, checkOwner, parseSettings } from './settings';
import { connect, type Machine } from './ssh';
import { guardStateFiles } from './state-files';
import { runAccess } from './verbs/access';
import { runRevoke } from './verbs/revoke';
import { runToken, type TokenEffects } from './verbs/token';
import { reachApi, verifyToken } from './verify';

/** What the program takes from its process: the entry file gives the real ones, tests their own. */
export interface Surroundings {
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
export async function runProgram(
  verb: string | undefined,
  text: string | undefined,
  around: Surroundings,
): Promise<void> {
  switch (verb) {
    case 'access': {
      const settings = parseSettings<AccessVerbSettings>(text);
      checkNodeSettings(settings);
      await guardState(settings, around);
      return onNode(settings, around, (run) => runAccess(settings, run));
    }
    case 'token': {
      const settings = parseSettings<TokenVerbSettings>(text);
      checkNodeSettings(settings);
      await guardState(settings, around);
      return onNode(settings, around, (run) => runToken(settings, run, tokenEffects(settings, around)));
    }
    case 'revoke':
      return revoke(parseSettings<RevokeVerbSettings>(text), around);
    case 'forget':
      return forget(parseSettings<ForgetVerbSettings>(text), around);
    default:
      throw verbUnknown(verb, VERBS);
  }
}

async function guardState(
  { project, state_files: files = [] }: { readonly project: string; readonly state_files?: readonly string[] },
  { folder, print }: Surroundings,
): Promise<void> {
  for (const complaint of await guardStateFiles(resolve(folder, project), files)) print(complaint);
}

function tokenEffects(settings: TokenVerbSettings, around: Surroundings): TokenEffects {
  const project = resolve(around.folder, settings.project);
  return {
    openHandoff: async () => {
      const handoff = await openHandoff(join(project, settings.handoff));
      await ignoreHandoffs(join(project, HANDOFF_FOLDER));
      return handoff;
    },
    reach: async (verify) => reachApi(verify, await readCa(verify, project, around)),
    verify: async (verify, secret, expected) => {
      await verifyToken(verify, await readCa(verify, project, around), secret, expected);
    },
  };
}

async function forget(settings: ForgetVerbSettings, around: Surroundings): Promise<void> {
  const { project, handoffs } = settings;
  const { folder, print } = around;
  await guardState(settings, around);
  const count = await forgetHandoffs(join(resolve(folder, project), handoffs));
  print(count === 0 ? 'hand-off: none left' : `hand-off: ${count} deleted, the state alone holds the secrets`);
}

async function revoke(settings: RevokeVerbSettings, around: Surroundings): Promise<void> {
  if (settings.removal === 'retain') {
    return around.print('revoke: `removal = "retain"`, everything stays on the node');
  }
  checkOwner(settings.owner);
  return onNode(settings, around, (run) => runRevoke(settings, run));
}

async function onNode(
  { ssh, project }: { readonly ssh: SshSettings; readonly project: string },
  around: Surroundings,
  act: (run: Run) => Promise<void>,
): Promise<void> {
  const done: string[] = [];
  const machine: Machine = { ...around.machine, project: resolve(around.folder, project) };
  const connection = await connect(ssh, machine, around.print, around.clock);
  try {
    const shell = openShell(connection, ssh, around.clock, around.print, around.isOrphan);
    const did = (line: string) => {
      done.push(line);
      around.print(line);
    };
    await act({ shell, report: around.print, did, isOrphan: around.isOrphan });
  } catch (error) {
    throw withProgress(error, done);
  } finally {
    await connection.close();
  }
}

async function readCa(verify: VerifySettings, project: string, around: Surroundings): Promise<string | undefined> {
  const { ca_file: file } = verify;
  if (file === undefined) return undefined;
  try {
    return await readFile(resolve(project, file.replace(/^~(?=\/)/, around.machine.home)), 'utf8');
  } catch (cause) {
    throw caUnreadable(file, cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause');
  }
}
