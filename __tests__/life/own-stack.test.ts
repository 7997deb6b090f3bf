import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { useLab } from './support/lab';
import { row } from './support/row';

const OWN_STACK = 'output = { own_stack = true }\n';
const STACKS = ['lab', 'lab-tfvars'];
const NAMES = ['one', 'two', 'three', 'four', 'five'];

/** What keeps one cluster from its new secret: a fault of its node, or of its entry. `mend` puts the node right. */
interface Fault {
  readonly entry?: Partial<Entry>;
  readonly begin?: (node: SimulatedNode, stop: AbortController) => void;
  readonly mend?: (node: SimulatedNode) => void;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'its node is down': {
    begin: ({ faults }) => {
      faults.refuseConnections = true;
    },
    mend: ({ faults }) => {
      faults.refuseConnections = false;
    },
  },
  'its disk is full': {
    begin: ({ faults }) => {
      faults.diskFull = true;
    },
    mend: ({ faults }) => {
      faults.diskFull = false;
    },
  },
  'its certificate is not trusted': { entry: { trusted: false } },
  'the deploy is interrupted at it': {
    begin: ({ faults }, stop) => {
      faults.onCommand = (moment, line) => {
        if (moment === 'after' && line.includes('regenerate')) stop.abort();
        return undefined;
      };
    },
    mend: ({ faults }) => {
      delete faults.onCommand;
    },
  },
};
const WRONG_KEY: Fault = { entry: { hostKey: `SHA256:${'A'.repeat(43)}` } };

/** Five clusters; at each rotation another one fails. */
describe.sequential('a file in a stack of its own, while one cluster of five fails', () => {
  const nodes: SimulatedNode[] = [];
  let generation = 1;
  const lab = useLab(async (made) => {
    for (const name of NAMES) nodes.push(await made.startNode(name));
    made.write(entries(), OWN_STACK);
    await made.deploy({ stacks: STACKS });
  });

  const entries = (bad = -1, over: Partial<Entry> = {}): Entry[] =>
    nodes.map((node, index) => ({
      name: NAMES[index] ?? '',
      node,
      identity: `root@pam!${NAMES[index]}`,
      bootstrap: [`generation = "${generation}"`],
      ...(index === bad ? over : {}),
    }));
  const file = () => {
    const { ino, mtimeMs, mode } = statSync(lab().file);
    return { text: readFileSync(lab().file, 'utf8'), ino, mtimeMs, mode };
  };

  /** A rotation of all five, of which one fails, and the deploy after the repair. Returns what both printed. */
  async function failAndRepair(bad: number, { entry, begin, mend }: Fault): Promise<string> {
    const node = nodes[bad];
    if (node === undefined) throw new Error(`there is no cluster ${bad}`);
    const before = file();
    generation += 1;
    const stop = new AbortController();
    begin?.(node, stop);
    lab().write(entries(bad, entry), OWN_STACK);
    const refused = await lab().refused('deploy', { stacks: STACKS, signal: stop.signal });
    expect(file()).toEqual(before);
    mend?.(node);
    lab().write(entries(), OWN_STACK);
    const repaired = await lab().deploy({ stacks: STACKS });
    expect(file().text).toBe(goldenFile(entries(), lab().secrets()));
    expect(file().text).not.toBe(before.text);
    return refused + repaired;
  }

  row('cluster-fails-own-stack', () => failAndRepair(0, WRONG_KEY));

  test.each(Object.entries(FAULTS).map(([what, fault], index) => ({ what, fault, bad: index + 1 })))(
    'stays as it is when $what, and has every new secret after the repair',
    async ({ fault, bad }) => {
      await failAndRepair(bad, fault);
    },
    300_000,
  );
});
