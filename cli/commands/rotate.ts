import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FAILED, WELL } from '../exit';

export const ROTATE: Command = {
  name: 'rotate',
  usage: 'ENV CLUSTER... [--generation TEXT] [--without-outage] [--auto-approve]',
  summary: 'Give tokens a new secret: edit the env file, deploy, verify.',
  details:
    'Sets `generation` of each cluster in the env file, all else in it left as it is, and deploys.\n' +
    'The old secret is dead at once: consumers fail until they have read the new file.\n' +
    '--without-outage makes a second token instead and keeps the first one (`retain`). When all consumers have read the new\n' +
    'file, run the same command with --finish: the first token is then removed.',
  options: {
    generation: {
      type: 'string',
      value: 'TEXT',
      help: 'The new generation. Default: the old number plus one, else the date.',
    },
    'without-outage': { type: 'boolean', help: 'Make a second token, and keep the first one for now.' },
    finish: { type: 'boolean', help: 'Remove the tokens that --without-outage kept.' },
    'auto-approve': { type: 'boolean', help: 'Do not ask; needed where there is no terminal.' },
  },
  examples: ['rotate lab nuc', 'rotate lab nuc --without-outage', 'rotate lab nuc --finish'],
  words: { least: 2, most: Number.POSITIVE_INFINITY },
  run,
};

async function run(given: Given, context: Context): Promise<number> {
  const { chooseClusters, readChosen } = await import('../environments.js');
  const { approvalMissing } = await import('../deploy/refusals.js');
  const { deploy } = await import('../deploy/run.js');
  const { editEnvFile, envFile } = await import('../env-file/write.js');
  const { planRotation } = await import('../rotate/plan.js');
  const { folder, terminal, clock } = context;
  const [name, ...clusters] = given.words;
  const [before] = await readChosen(folder, name);
  if (before === undefined) return FAILED;
  const rotation = planRotation(chooseClusters(before, clusters), {
    generation: given.value('generation'),
    withoutOutage: given.flag('without-outage'),
    finish: given.flag('finish'),
    today: new Date(clock.now()).toISOString().slice(0, 10),
  });
  for (const line of rotation.lines) terminal.print(line);
  if (!given.flag('auto-approve')) {
    if (terminal.ask === undefined) throw approvalMissing();
    const answer = await terminal.ask(`Edit the env file and deploy ${before.name}? [y/N]`);
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.note('Nothing was changed.');
      return FAILED;
    }
  }
  await editEnvFile(envFile(folder, before.name), rotation.edits);
  terminal.print(
    `env file: changed. If the deploy fails, run \`proxmox-tokens deploy ${before.name}\`: it goes on from there.`,
  );
  const [environment] = await readChosen(folder, name);
  if (environment === undefined) return FAILED;
  const { files, log } = await deploy(environment, context);
  for (const file of files) terminal.print(`${file}: written, mode 0600`);
  for (const line of rotation.after) terminal.print(line);
  terminal.print(`log: ${log}`);
  return WELL;
}
