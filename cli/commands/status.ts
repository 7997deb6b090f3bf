import type { Environment } from '../../constructs/input/entry';
import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FAILED, FINDINGS, WELL, WrongUse } from '../exit';
import type { EnvironmentStatus } from '../status/report';

export const STATUS: Command = {
  name: 'status',
  usage: '[ENV] [--warn 30d] [--json]',
  summary: 'Show each token: on the node, at the API, in the state and in the output file.',
  details:
    'Looks at each node over SSH and tries each token at its endpoint. Changes nothing.\n' +
    'Ends with 3 where a token is missing, refused or near its end, lacks privileges, or where env file, node, state and\n' +
    'output file are not the same; with 1 where something could not be looked at. A remote state is never looked at.',
  options: {
    warn: { type: 'string', value: 'DAYS', help: 'Tell of tokens that end in so many days: 30d (the default).' },
    json: { type: 'boolean', help: 'The same as JSON.' },
  },
  examples: ['status', 'status lab --warn 14d', 'status --json | jq .environments'],
  words: { least: 0, most: 1 },
  run,
};

async function run(given: Given, context: Context): Promise<number> {
  const warnDays = daysOf(given.value('warn') ?? '30d');
  const { readChosen } = await import('../environments.js');
  const { untilStopped } = await import('../until-stopped.js');
  const { printStatus, statusJson } = await import('../status/report.js');
  const environments = await readChosen(context.folder, given.words[0]);
  const all = await untilStopped(context, () => lookAtAll(environments, warnDays, context));
  if (given.flag('json')) context.terminal.print(JSON.stringify(statusJson(all), undefined, 2));
  else printStatus(all, context.terminal);
  const remarks = all.flatMap(({ rows, remarks }) => [...rows.flatMap((row) => row.remarks), ...remarks]);
  if (remarks.some(({ tier }) => tier === 'unseen')) return FAILED;
  return remarks.some(({ tier }) => tier === 'finding') ? FINDINGS : WELL;
}

/** Every cluster of every environment at once. */
async function lookAtAll(
  environments: readonly Environment[],
  warnDays: number,
  context: Context,
): Promise<EnvironmentStatus[]> {
  const { leftBehind } = await import('../status/drift.js');
  const { judge, judgeRetained } = await import('../status/judge.js');
  const { lookAt } = await import('../status/look.js');
  const { readState } = await import('../state.js');
  const { sideBySide } = await import('../side-by-side.js');
  const read = async (environment: Environment) => ({
    environment,
    state: await readState(context.folder, environment.name),
  });
  const stated = await Promise.all(environments.map(read));
  const sights = await sideBySide(
    stated.flatMap(({ environment, state }) => environment.clusters.map((entry) => ({ environment, state, entry }))),
    async ({ environment, state, entry }) => ({ environment, sight: await lookAt(environment, entry, state, context) }),
  );
  return stated.map(({ environment, state }) => {
    const measure = { environment: environment.name, now: context.clock.now(), warnDays };
    const own = sights.filter((other) => other.environment === environment);
    const rows = own.flatMap(({ sight }) => [judge(sight, measure), ...judgeRetained(sight, measure)]);
    return { name: environment.name, state, rows, remarks: leftBehind(environment, state) };
  });
}

function daysOf(text: string): number {
  const [, days] = /^(\d{1,5})d?$/.exec(text) ?? [];
  if (days === undefined) throw new WrongUse(`--warn takes days such as 30d, got: ${text}`);
  return Number(days);
}
