import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SimulatedNode, startNode } from '../simulator/node';

/** What a real node takes to start `pveum`: 0.22 to 0.4 s (measured). */
export const START_MS = 300;
/** And for a call once it is loaded: 0.03 to 0.05 s (measured). */
const CALL_MS = 40;

/**
 * `once`: as on a real node for root, where the node's end loads `pveum` once for all calls of its connection.
 * `each`: as for everybody else there, who starts it anew for each call through sudo.
 */
export type Starts = 'once' | 'each';

/** So many nodes while `act` runs, in folders of their own below `folder`. */
export async function withNodes<T>(
  folder: string,
  count: number,
  act: (nodes: readonly SimulatedNode[]) => Promise<T>,
): Promise<T> {
  const nodes: SimulatedNode[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const root = join(folder, 'nodes', String(index));
      mkdirSync(root, { recursive: true });
      nodes.push(await startNode({ release: '9.1', root }));
    }
    return await act(nodes);
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
}

/** Fresh nodes that take their time from now on. */
export function makeFresh(nodes: readonly SimulatedNode[], starts: Starts): void {
  for (const node of nodes) {
    node.resetConfig();
    node.resetLog();
    node.faults.onCommand = async (moment, line) => {
      if (moment === 'before') await pause(millisecondsOf(line, starts));
      return undefined;
    };
  }
}

function millisecondsOf(line: string, starts: Starts): number {
  if (line === 'nodes-end') return starts === 'once' ? START_MS : 0;
  if (!line.startsWith('pveum ')) return 0;
  return starts === 'once' ? CALL_MS : START_MS;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
