import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FINDINGS, WELL, WrongUse } from '../exit';
import { renderTable } from '../text/table';

export const DOCTOR: Command = {
  name: 'doctor',
  usage: '[ENV] [--list] [--check NAME]... [--skip NAME]... [--json]',
  summary: 'Look for everything that would make a deploy fail, in one pass, before it does.',
  details:
    'Looks at this machine, the env files, and each node and endpoint. Changes nothing.\n' +
    'Ends with 3 where a deploy would fail. Warnings alone end with 0.',
  options: {
    list: { type: 'boolean', help: 'The names of the checks, and what they look at.' },
    check: { type: 'string', multiple: true, value: 'NAME', help: 'Make this check alone; may be repeated.' },
    skip: { type: 'string', multiple: true, value: 'NAME', help: 'Leave this check out; may be repeated.' },
    json: { type: 'boolean', help: 'The same as JSON.' },
  },
  examples: ['doctor', 'doctor lab --skip terminal', 'doctor lab --check certificate --check clock', 'doctor --list'],
  words: { least: 0, most: 1 },
  run,
};

async function run(given: Given, context: Context): Promise<number> {
  const { ALL_CHECKS } = await import('../doctor/checks.js');
  const { terminal } = context;
  const [only, skipped] = [given.values('check'), given.values('skip')];
  for (const name of [...only, ...skipped]) {
    if (ALL_CHECKS.some((check) => check.name === name)) continue;
    throw new WrongUse(`There is no check \`${name}\`. \`--list\` shows their names.`);
  }
  const chosen = ALL_CHECKS.filter(({ name }) => (only.length === 0 || only.includes(name)) && !skipped.includes(name));
  const names = chosen.map(({ name }) => name);
  const asJson = given.flag('json');
  const show = (value: object) => terminal.print(JSON.stringify(value, undefined, 2));
  if (given.flag('list')) {
    const list = chosen.map(({ name, about }) => ({ name, about }));
    if (asJson) show({ version: 1, checks: list });
    else
      for (const line of renderTable(
        list.map(({ name, about }) => [name, about]),
        terminal.columns,
      ))
        terminal.print(line);
    return WELL;
  }
  const { diagnose } = await import('../doctor/diagnose.js');
  const { diagnosisJson, isError, printDiagnosis } = await import('../doctor/report.js');
  const { untilStopped } = await import('../until-stopped.js');
  const isChosen = (name: string) => names.includes(name);
  const diagnosis = await untilStopped(context, () => diagnose(given.words[0], isChosen, context));
  if (asJson) show(diagnosisJson(diagnosis, names));
  else printDiagnosis(diagnosis, names.length, terminal);
  return diagnosis.findings.some(isError) ? FINDINGS : WELL;
}
