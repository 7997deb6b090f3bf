import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FAILED, WELL } from '../exit';

export const REPAIR: Command = {
  name: 'repair',
  usage: 'ENV [CLUSTER...] [--auto-approve]',
  summary: 'Run again, through the engine, just what has drifted on the nodes.',
  details:
    'An engine does not look at nodes: what somebody changed there by hand it does not see. This looks, and has the engine run the\n' +
    'blocks of those clusters again whose plan is not empty. Secrets stay as they are, unless a token is gone. The output files stay\n' +
    'in place while it runs, and are written again only where a secret is new.',
  options: { 'auto-approve': { type: 'boolean', help: 'Do not ask; needed where there is no terminal.' } },
  examples: ['repair lab', 'repair lab nuc --auto-approve'],
  words: { least: 1, most: Number.POSITIVE_INFINITY },
  run,
};

async function run(given: Given, context: Context): Promise<number> {
  const { chooseClusters, readChosen } = await import('../environments.js');
  const { approvalMissing } = await import('../deploy/refusals.js');
  const { deploy } = await import('../deploy/run.js');
  const { planAll, print } = await import('./plan.js');
  const { folder, terminal } = context;
  const [name, ...clusters] = given.words;
  const [environment] = await readChosen(folder, name);
  if (environment === undefined) return FAILED;
  const planned = await planAll(environment.name, chooseClusters(environment, clusters), context);
  for (const cluster of planned) print(environment.name, cluster, context);
  if (planned.some(({ error }) => error !== undefined)) return FAILED;
  const drifted = planned.filter(({ steps }) => steps.length > 0).map((cluster) => cluster.name);
  if (drifted.length === 0) return WELL;
  if (!given.flag('auto-approve')) {
    if (terminal.ask === undefined) throw approvalMissing();
    const answer = await terminal.ask(`Repair ${drifted.join(', ')}? [y/N]`);
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.note('Nothing was changed.');
      return FAILED;
    }
  }
  // First the clusters alone: the file would be destroyed before it is known whether its content changes.
  await deploy(environment, context, { clustersOnly: true, variables: { TF_CLI_ARGS_apply: again(drifted) } });
  const { files, log } = await deploy(environment, context);
  for (const file of files) terminal.print(`${file}: in place, mode 0600`);
  terminal.print(`log: ${log}`);
  return WELL;
}

/** Replaces, and limits the apply to, the blocks of these clusters. */
function again(clusters: readonly string[]): string {
  const replaced = clusters.flatMap((name) => [`${name}_access`, `${name}_token`]);
  const targets = clusters.flatMap((name) => [`${name}_access`, `${name}_token`, `${name}_secret`]);
  return [
    ...replaced.map((block) => `-replace=null_resource.${block}`),
    ...targets.map((block) => `-target=null_resource.${block}`),
  ].join(' ');
}
