import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type NodeOptions, type SimulatedNode, startNode } from '../../simulator/node';

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A simulated node on free ports that goes with the test. */
export async function aNode(options: Partial<NodeOptions> = {}): Promise<SimulatedNode> {
  const node = await startNode({ release: '9.1', root: temporaryFolder(), ...options });
  onTestFinished(() => node.close());
  return node;
}
