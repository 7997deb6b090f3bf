import type { Run } from '../../../bootstrap/apply';
import type { NodeFound } from '../../../bootstrap/node/found';
import type { Answer, NodeSession } from '../../../bootstrap/node/session';
import { parseUserCfg } from '../../../bootstrap/node/user-cfg';
import { runAccess } from '../../../bootstrap/verbs/access';
import { runRevoke } from '../../../bootstrap/verbs/revoke';
import { runToken } from '../../../bootstrap/verbs/token';
import { type Expected, missingPrivileges } from '../../../bootstrap/verify';
import type { TokenVerbSettings } from '../../../contract/settings';
import { parseUserConfig } from '../../../simulator/pveum/parse-config';
import { permissionReport } from '../../../simulator/pveum/permissions';
import { privilegesOf } from '../../../simulator/pveum/privileges';
import type { Release } from '../../../simulator/pveum/releases';
import { runPveum } from '../../../simulator/pveum/run';

/** Both files of a node, as values: to go back to an earlier state is to put them back. */
export interface Files {
  readonly 'user.cfg': string;
  readonly 'priv/token.cfg': string;
}

/** The run was cut off here. */
export class Cut extends Error {}

/** A token that was just made cannot do what it was made for. */
export class Lacking extends Error {}

/** A node in memory: the simulator's `pveum` decides what a command means, without a connection, a process or a disk. */
export class PaperNode implements NodeSession {
  /** The files before the first change, and after each. */
  history: Files[] = [];
  /** So many changes go through, then the run is cut off. */
  budget = Number.POSITIVE_INFINITY;

  constructor(
    readonly release: Release,
    public files: Files = { 'user.cfg': '', 'priv/token.cfg': '' },
  ) {
    if (files['user.cfg'] === '') this.type('role add fresh', 'role delete fresh');
  }

  /** For a counterexample. */
  toString(): string {
    return `${this.release}\n${this.files['user.cfg']}`;
  }

  get found(): NodeFound {
    return parseUserCfg(this.files['user.cfg']);
  }

  async run(words: readonly string[]): Promise<Answer> {
    if (words[0] === 'cat') return { exit: 0, stdout: this.files['user.cfg'], stderr: '' };
    if (words[0] === 'grep') {
      const lines = this.files['priv/token.cfg'].split('\n').filter((line) => line.includes(words[3] ?? ''));
      return { exit: lines.length > 0 ? 0 : 1, stdout: lines.join('\n'), stderr: '' };
    }
    return this.pveum(words.slice(1));
  }

  /** What an administrator types; throws where it fails. Words are parted by blanks, and `_` in one is a blank. */
  type(...lines: readonly string[]): this {
    for (const line of lines) {
      const { exit, stderr } = this.pveum(line.split(' ').map((word) => word.replaceAll('_', ' ')));
      if (exit !== 0) throw new Error(`${line}: ${stderr}`);
    }
    return this;
  }

  /** The same, unless what it builds on is not there, or what it makes is. */
  typeIfPossible(...lines: readonly string[]): void {
    const { files } = this;
    try {
      this.type(...lines);
    } catch {
      this.files = files;
    }
  }

  /** What the API says that a user or token may do. */
  permissions(id: string, files = this.files, paths: readonly string[] = []): Record<string, Record<string, number>> {
    const config = parseUserConfig(files['user.cfg'], privilegesOf(this.release), () => undefined);
    const reports = [undefined, ...paths].map((path) => permissionReport(config, id, path, this.release));
    return Object.assign({}, ...reports);
  }

  private pveum(argv: readonly string[]): Answer {
    const call = { release: this.release, argv, env: { LC_ALL: 'C.UTF-8' }, isRoot: true, files: { ...this.files } };
    const { exit, stdout, stderr, writes } = runPveum({ ...call, newSecret: () => crypto.randomUUID() });
    if (writes.length > 0) {
      if (this.history.length > this.budget) throw new Cut();
      for (const { file, content } of writes) this.files = { ...this.files, [file]: content.toString('latin1') };
      this.history.push(this.files);
    }
    return { exit, stdout: stdout.toString(), stderr: stderr.toString() };
  }
}

export type Verb = 'access' | 'token' | 'revoke';

/** Runs one verb on the node as the program does, up to the node's budget of changes. Returns what it printed. */
export async function runVerb(node: PaperNode, verb: Verb, settings: TokenVerbSettings): Promise<string[]> {
  const lines: string[] = [];
  const report = (line: string) => void lines.push(line);
  const clock = { now: () => 0, sleep: async () => undefined };
  const run: Run = { node, clock, lockSeconds: 0, report, did: report, isOrphan: () => false };
  if (verb === 'access') await runAccess(settings, run);
  else if (verb === 'revoke') await runRevoke({ ...settings, removal: 'revoke' }, run);
  else {
    await runToken(settings, run, {
      openHandoff: async () => ({
        write: async () => undefined,
        complete: async () => undefined,
        abandon: async () => undefined,
      }),
      verify: async (secret, expected) => verify(node, secret, expected),
    });
  }
  return lines;
}

function verify(node: PaperNode, secret: string, expected: Expected): void {
  const { identity } = expected;
  if (!node.files['priv/token.cfg'].includes(`${identity} ${secret}\n`)) throw new Error(`wrong secret of ${identity}`);
  const missing = missingPrivileges(node.permissions(identity, node.files, expected.paths), expected);
  if (missing.length > 0) throw new Lacking(missing.join('; '));
}
