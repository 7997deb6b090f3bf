import type { Command } from './command';

export const PROGRAM = 'proxmox-tokens';

const EXIT_CODES = 'Exit codes: 0 well, 1 refused or failed, 2 wrong use, 3 differences or findings.';

/** The overview. */
export function renderHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  return [
    'API tokens for Proxmox VE, from one committed file without secrets.',
    '',
    `Usage: ${PROGRAM} COMMAND`,
    '',
    ...commands.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}  ${summary}`),
    '',
    'ENV is the name of an env file: `lab` is env/lab.tfvars. Without it: every env file.',
    `\`${PROGRAM} COMMAND --help\` says more of one command.`,
    EXIT_CODES,
  ].join('\n');
}

export function renderCommandHelp({ name, usage, summary, details, options, examples }: Command): string {
  const lines = Object.entries(options).map(([option, { value, help }]) => ({
    left: `--${option}${value === undefined ? '' : ` ${value}`}`,
    help,
  }));
  const width = Math.max(0, ...lines.map(({ left }) => left.length));
  return [
    summary,
    '',
    `Usage: ${PROGRAM} ${name} ${usage}`.trimEnd(),
    ...(details === '' ? [] : ['', details]),
    ...(lines.length === 0 ? [] : ['', ...lines.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`)]),
    '',
    'Examples:',
    ...examples.map((example) => `  ${PROGRAM} ${example}`),
    '',
    EXIT_CODES,
  ].join('\n');
}
