import { join, resolve } from 'node:path';
import type { Bench, Measure } from '../measure';
import { inPairs } from '../pairs';
import { type Result, ratiosOf } from '../result';
import { type Command, timed } from '../timed';

const DIST = resolve(__dirname, '../../dist');

export const start: Measure = {
  name: 'start',
  about: 'start of the two programs, against a Node.js that does nothing',
  run: async (bench) => [
    await against(bench, {
      name: 'start',
      title: 'Start of the bootstrap program / `node -e 0`',
      target: 1.25,
      // Without a verb it refuses once all of it is loaded.
      command: { program: bench.node, args: [join(DIST, 'bootstrap.cjs')], exits: [1] },
    }),
    await against(bench, {
      name: 'start-command',
      title: 'Start of `proxmox-tokens --help` / `node -e 0`',
      command: { program: bench.node, args: [join(DIST, 'cli.cjs'), '--help'] },
    }),
  ],
};

interface Started {
  readonly name: string;
  readonly title: string;
  readonly target?: number;
  readonly command: Command;
}

async function against(
  { node, environment: env, scale, print }: Bench,
  { command, ...told }: Started,
): Promise<Result> {
  const ours = async () => (await timed({ ...command, env })).seconds;
  const other = async () => (await timed({ program: node, args: ['-e', '0'], env })).seconds;
  // The first start of each reads its files from the disk.
  await ours();
  await other();
  const seconds = await inPairs(scale.runs(21), { ours, other }, print);
  return { ...told, unit: 'times', values: ratiosOf(seconds.ours, seconds.other), seconds };
}
