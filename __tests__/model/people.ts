import type { SimulatedNode } from '../../simulator/node';
import { atConsole } from '../support/on-node';
import { recordsOf } from './look';

/** Others who work on one node by hand, and what of theirs has to stand there. */
export class People {
  /** Records that are theirs, as `recordsOf` has them. */
  readonly theirs = new Set<string>();
  /** Tokens of our names that they made: what we adopt. Identity to secret. */
  readonly handMade = new Map<string, string>();
  /** Something was deleted that may have carried a mark, or for which something of ours had to stay: that may stay for good. */
  claimsLost = false;

  constructor(readonly node: SimulatedNode) {}

  async settle(): Promise<void> {
    await this.type(true, 'user add jo@pve --comment made_by_hand');
    await this.type(true, 'role add jo-role --privs VM.Audit,VM.Console');
    await this.type(true, 'acl modify / --users jo@pve --roles jo-role');
    await this.type(true, 'user token add jo@pve own --privsep 0');
    await this.type(true, 'group add crew');
    await this.type(true, 'acl modify /vms --groups crew --roles PVEVMUser');
  }

  /** What somebody has `pveum` do on the node, whether or not it adds what is theirs; `_` is a blank. Returns what it printed. */
  async type(adds: boolean, words: string): Promise<string> {
    const before = new Set(recordsOf(this.node));
    const printed = await atConsole(this.node, 'pveum', ...words.split(' ').map((word) => word.replaceAll('_', ' ')));
    const after = new Set(recordsOf(this.node));
    if (adds) for (const record of after) if (!before.has(record)) this.theirs.add(record);
    for (const record of [...this.theirs].filter((record) => !after.has(record))) {
      this.theirs.delete(record);
      this.claimsLost = true;
    }
    return printed;
  }
}
