import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { useLab } from '../engine/support/lab';
import { hold } from './support/hold';
import { row } from './support/row';

const OWN_STACK = 'output = { own_stack = true }\n';
const STACKS = ['lab', 'lab-tfvars'];
const WRONG_KEY = { hostKey: `SHA256:${'A'.repeat(43)}` };

describe.sequential('a file in a stack of its own, while a cluster fails', () => {
  let one: SimulatedNode;
  let two: SimulatedNode;
  let generation = 1;
  const lab = useLab(async (made) => {
    one = await made.startNode('one');
    two = await made.startNode('two');
    made.write(entries(), OWN_STACK);
    await made.deploy({ stacks: STACKS });
  });

  const entries = (broken: Partial<Entry> = {}): Entry[] => {
    const bootstrap = [`generation = "${generation}"`];
    return [
      { name: 'one', node: one, identity: 'root@pam!one', bootstrap, ...broken },
      { name: 'two', node: two, identity: 'root@pam!two', bootstrap },
    ];
  };
  const file = () => {
    const { ino, mtimeMs, mode } = statSync(lab().file);
    return { text: readFileSync(lab().file, 'utf8'), ino, mtimeMs, mode };
  };

  /** A rotation that fails for one cluster, and the deploy after the repair. Returns what both printed. */
  async function failAndRepair(broken: Partial<Entry>, during: (stop: AbortController) => Promise<void>) {
    const before = file();
    generation += 1;
    lab().write(entries(broken), OWN_STACK);
    const stop = new AbortController();
    const run = lab().refused('deploy', { stacks: STACKS, signal: stop.signal });
    await during(stop);
    const refused = await run;
    expect(file()).toEqual(before);
    lab().write(entries(), OWN_STACK);
    const repaired = await lab().deploy({ stacks: STACKS });
    expect(file().text).toBe(goldenFile(entries()));
    expect(file().text).not.toBe(before.text);
    return refused + repaired;
  }

  row('cluster-fails-own-stack', () => failAndRepair(WRONG_KEY, async () => undefined));

  test('stays as it is when the deploy is interrupted, and has every new secret after the next one', async () => {
    await failAndRepair({}, async (stop) => {
      const command = hold(one, 'regenerate', 'after');
      await command.reached;
      stop.abort();
      command.release();
    });
  }, 300_000);
});
