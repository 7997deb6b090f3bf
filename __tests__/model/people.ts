import { quote } from '../../bootstrap/ssh/quote';
import type { SimulatedNode } from '../../simulator/node';
import { runLine } from '../../simulator/shell/run';
import { recordsOf } from './look';

/** Whether what a person did adds something of theirs, or changes something of ours. */
export type Deed = 'adds' | 'changes';

/** Others who work on one node by hand, and what of theirs has to stand there. */
export class People {
  /** Records that are theirs, as `recordsOf` has them. */
  readonly theirs = new Set<string>();
  /** Tokens of our names that they made: what we adopt. Identity to secret. */
  readonly handMade = new Map<string, string>();
  /** Something that may have carried a mark was deleted: what it claimed may stay behind for good. */
  claimsLost = false;

  constructor(readonly node: SimulatedNode) {}

  async settle(): Promise<void> {
    await this.type('adds', 'pveum', 'user', 'add', 'jo@pve', '--comment', 'made by hand');
    await this.type('adds', 'pveum', 'role', 'add', 'jo-role', '--privs', 'VM.Audit VM.Console');
    await this.type('adds', 'pveum', 'acl', 'modify', '/', '--users', 'jo@pve', '--roles', 'jo-role');
    await this.type('adds', 'pveum', 'user', 'token', 'add', 'jo@pve', 'own', '--privsep', '0');
    await this.type('adds', 'pveum', 'group', 'add', 'crew');
    await this.type('adds', 'pveum', 'acl', 'modify', '/vms', '--groups', 'crew', '--roles', 'PVEVMUser');
  }

  /** What somebody types at the node's console. Returns what it printed. */
  async type(deed: Deed, ...words: readonly string[]): Promise<string> {
    const before = new Set(recordsOf(this.node));
    const { exit, stdout, stderr } = await runLine(quote(words), { root: this.node.root, user: 'root' });
    if (exit !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
    const after = new Set(recordsOf(this.node));
    if (deed === 'adds') for (const record of after) if (!before.has(record)) this.theirs.add(record);
    for (const record of this.theirs) if (!after.has(record)) this.theirs.delete(record);
    return stdout.toString();
  }
}
