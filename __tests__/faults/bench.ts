import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unlock } from '../../simulator/machine/lock';
import { pveFile, readFiles, replaceFile } from '../../simulator/machine/node-files';
import { type Release, type SimulatedNode, startNode } from '../../simulator/node';
import type { Files } from '../../simulator/pveum/session';
import { runLine } from '../../simulator/shell/run';

/** One node, and the operator's folder beside it. */
export interface Bench {
  readonly node: SimulatedNode;
  /** The folder of `cdktf.json`; empty after each `restore`. */
  readonly project: string;
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
export function restore({ node, project }: Bench, state: Files): void {
  release({ node });
  for (const [name, content] of Object.entries(state)) {
    if (content === undefined) rmSync(pveFile(node.root, name), { force: true });
    else replaceFile(node.root, name, Buffer.from(content, 'latin1'));
  }
  rmSync(project, { recursive: true, force: true });
  node.resetLog();
}

/** Ends all faults. */
export function release({ node }: Pick<Bench, 'node'>): void {
  node.faults.onCommand = undefined;
  node.faults.refuseConnections = false;
  if (node.faults.diskFull) node.faults.diskFull = false;
  unlock(node.root);
}

/** Other people at work: a user, a role, a group, tokens and ACL entries that are not ours to touch. */
const EVERYWHERE = [
  "pveum user add jo@pve --comment 'made by hand'",
  'pveum role add jo-role --privs VM.Audit,VM.Console',
  'pveum acl modify / --users jo@pve --roles jo-role',
  "pveum user token add jo@pve own --privsep 0 --comment 'do not touch'",
  'pveum user token add jo@pve bare',
  "pveum group add crew --comment 'the crew'",
  'pveum acl modify /vms --groups crew --roles PVEVMUser',
];

export async function letOthersWork({ node }: Bench, lines: readonly string[] = []): Promise<void> {
  for (const line of [...EVERYWHERE, ...lines]) {
    const { exit, stderr } = await runLine(line, { root: node.root, user: 'root' });
    if (exit !== 0) throw new Error(`the start of an operation failed: ${line}: ${stderr}`);
  }
}
