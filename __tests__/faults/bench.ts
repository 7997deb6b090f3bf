import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unlock } from '../../simulator/machine/lock';
import { pveFile, readFiles, replaceFile } from '../../simulator/machine/node-files';
import { type Release, type SimulatedNode, startNode } from '../../simulator/node';
import type { Files } from '../../simulator/pveum/session';
import { atConsole } from '../support/on-node';

/** One node, and the operator's folder beside it. */
export interface Bench {
  readonly node: SimulatedNode;
  /** The folder of `cdktf.json`; empty after each `restore`. */
  readonly project: string;
  /** Another run on the node, to be ended. */
  other?: () => void;
  close(): Promise<void>;
}

export async function openBench(release: Release): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-faults-'));
  // A held lock is given up at once.
  const lock = { pollMs: 1, noticeMs: 1000, timeoutMs: 2 };
  const node = await startNode({ release, root: join(folder, 'node'), lock });
  return {
    node,
    project: join(folder, 'project'),
    close: async () => {
      await node.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const stateOf = ({ node }: Bench): Files => readFiles(node.root);

/** Puts the node's files back, ends all faults and empties the operator's folder. */
export function restore(bench: Bench, state: Files): void {
  const { node, project } = bench;
  release(bench);
  for (const [name, content] of Object.entries(state)) {
    if (content === undefined) rmSync(pveFile(node.root, name), { force: true });
    else replaceFile(node.root, name, Buffer.from(content, 'latin1'));
  }
  rmSync(project, { recursive: true, force: true });
  node.resetLog();
}

/** Ends all faults. */
export function release(bench: Bench): void {
  const { node } = bench;
  bench.other?.();
  delete bench.other;
  node.faults.onCommand = undefined;
  node.faults.refuseConnections = false;
  if (node.faults.diskFull) node.faults.diskFull = false;
  unlock(node.root);
}

/** Other people at work: a user, a role, a group, tokens and ACL entries that are not ours to touch. */
const EVERYWHERE = [
  'user add jo@pve --comment by-hand',
  'role add jo-role --privs VM.Audit,VM.Console',
  'acl modify / --users jo@pve --roles jo-role',
  'user token add jo@pve own --privsep 0 --comment do-not-touch',
  'user token add jo@pve bare',
  'group add crew --comment the-crew',
  'acl modify /vms --groups crew --roles PVEVMUser',
];

export async function letOthersWork({ node }: Bench, lines: readonly string[] = []): Promise<void> {
  for (const line of [...EVERYWHERE, ...lines]) await atConsole(node, 'pveum', ...line.split(' '));
}
