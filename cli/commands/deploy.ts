import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FAILED, WELL } from '../exit';

export const DEPLOY: Command = {
  name: 'deploy',
  usage: 'ENV [--auto-approve] [-- OPTIONS]',
  summary: 'Run `cdktf deploy` for an env file, and show a line for each step.',
  details:
    'Shows the plan of each node and asks before it begins. Deploys the stack of the files too, where an output has one.\n' +
    'Fails where the engine died or an output is not there. What stands after -- goes to `cdktf deploy`.',
  options: { 'auto-approve': { type: 'boolean', help: 'Do not ask; needed where there is no terminal.' } },
  examples: ['deploy lab', 'deploy lab --auto-approve', 'deploy lab --auto-approve -- --parallelism 5'],
  words: { least: 1, most: 1 },
  run,
};

async function run(given: Given, context: Context): Promise<number> {
  const { readChosen } = await import('../environments.js');
  const { approvalMissing } = await import('../deploy/refusals.js');
  const { deploy } = await import('../deploy/run.js');
  const { folder, terminal } = context;
  const [environment] = await readChosen(folder, given.words[0]);
  if (environment === undefined) return FAILED;
  if (!given.flag('auto-approve')) {
    if (terminal.ask === undefined) throw approvalMissing();
    const { showPlan } = await import('./plan.js');
    await showPlan(environment, context);
    const answer = await terminal.ask(`Deploy ${environment.name}? [y/N]`);
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.note('Nothing was changed.');
      return FAILED;
    }
  }
  const { files, log } = await deploy(environment, context, { rest: given.rest });
  for (const file of files) terminal.print(`${file}: written, mode 0600`);
  terminal.print(`log: ${log}`);
  return WELL;
}
