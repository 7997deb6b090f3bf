import { PROGRAM } from '../help';
import type { CommandSpec, Source } from './spec';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function offer(source: Source): string {
  if (source === 'environments') return "-a '(__proxmox_tokens_environments)'";
  if (source === 'files') return '-F';
  return source.length === 0 ? '' : `-a ${quote(source.join(' '))}`;
}

function linesOf({ name, summary, words, options }: CommandSpec): string[] {
  const here = `complete -c ${PROGRAM} -n '__fish_seen_subcommand_from ${name}'`;
  const values = options.map(({ name: option, help, value }) => {
    const taken = value === undefined ? '' : ` ${value === 'files' ? '-r' : '-x'} ${offer(value)}`.trimEnd();
    return `${here} -l ${option} -d ${quote(help)}${taken}`;
  });
  return [
    `complete -c ${PROGRAM} -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...values,
    ...(offer(words) === '' ? [] : [`${here} ${offer(words)}`]),
  ];
}

export function renderFish(commands: readonly CommandSpec[]): string {
  return [
    `# Completion for fish: ${PROGRAM} completion fish > ~/.config/fish/completions/${PROGRAM}.fish`,
    'function __proxmox_tokens_environments',
    '    for file in env/*.tfvars env/*.tfvars.json',
    "        string replace -r '^env/(.*)\\.tfvars(\\.json)?$' '$1' $file",
    '    end',
    'end',
    `complete -c ${PROGRAM} -f`,
    ...commands.flatMap(linesOf),
  ].join('\n');
}
