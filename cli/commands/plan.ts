import type { ClusterEntry, Environment } from '../../constructs/input/entry';
import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FAILED, FINDINGS, WELL } from '../exit';
import type { ShownStep } from '../step-text';
import { painter } from '../text/paint';

export const PLAN: Command = {
  name: 'plan',
  usage: '[ENV] [--json]',
  summary: 'Show what a deploy would do on each node, without doing it.',
  details:
    'Connects to each node, reads, and prints the commands of `pveum` that a deploy would run there.\n' +
    'Entries that have left the env file are not looked for: `cdktf diff ENV` shows their removal.\n' +
    'Ends with 3 where something would change.',
  options: { json: { type: 'boolean', help: 'The same as JSON.' } },
  examples: ['plan lab', 'plan --json'],
  words: { least: 0, most: 1 },
  run,
};

interface Planned {
  readonly name: string;
  readonly node: string;
  readonly steps: readonly ShownStep[];
  readonly error?: { readonly code: string; readonly message: string };
}

async function run(given: Given, context: Context): Promise<number> {
  const { readChosen } = await import('../environments.js');
  const environments = await readChosen(context.folder, given.words[0]);
  const planned = [];
  for (const { name, clusters } of environments)
    planned.push({ name, clusters: await planAll(name, clusters, context) });
  if (given.flag('json')) context.terminal.print(JSON.stringify({ version: 1, environments: planned }, undefined, 2));
  else for (const { name, clusters } of planned) for (const cluster of clusters) print(name, cluster, context);
  const all = planned.flatMap(({ clusters }) => clusters);
  if (all.some(({ error }) => error !== undefined)) return FAILED;
  return all.some(({ steps }) => steps.length > 0) ? FINDINGS : WELL;
}

/** The plan of one environment, for people. Returns whether every node could be planned. */
export async function showPlan({ name, clusters }: Environment, context: Context): Promise<boolean> {
  const planned = await planAll(name, clusters, context);
  for (const cluster of planned) print(name, cluster, context);
  return planned.every(({ error }) => error === undefined);
}

export async function planAll(
  environment: string,
  clusters: readonly ClusterEntry[],
  context: Context,
): Promise<Planned[]> {
  const { changesIn, planOnNode } = await import('../entry-plan.js');
  const { onNode } = await import('../on-node.js');
  const { showStep } = await import('../step-text.js');
  const { Refusal } = await import('../../contract/refusal.js');
  const { sideBySide } = await import('../side-by-side.js');
  return sideBySide(clusters, async (entry): Promise<Planned> => {
    const here = { name: entry.name, node: entry.ssh.host };
    try {
      const plan = await onNode(entry, context, (run) => planOnNode(environment, entry, run));
      return { ...here, steps: changesIn(plan).map((step) => showStep(step, plan.found)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...here, steps: [], error: { code: error.code, message: error.message } };
    }
  });
}

export function print(environment: string, { name, node, steps, error }: Planned, { terminal }: Context): void {
  const paint = painter(terminal.colour);
  terminal.print(paint('bold', `${environment} ${name} (${node})`));
  if (error !== undefined) terminal.print(`  ${paint('red', error.message.replaceAll('\n', '\n  '))}`);
  else if (steps.length === 0) terminal.print('  as wanted, nothing would change');
  for (const { command, add, remove } of steps) {
    terminal.print(`  ${command}`);
    for (const privilege of add) terminal.print(paint('green', `    + ${privilege}`));
    for (const privilege of remove) terminal.print(paint('red', `    - ${privilege}`));
  }
}
