import { PROGRAM } from '../help';
import type { CommandSpec, Source } from './spec';

/** A line that sets what may stand there. */
function offer(source: Source): string {
  if (source === 'environments') return 'choices=$(_proxmox_tokens_environments)';
  if (source === 'files') return 'local IFS=$\'\\n\'; COMPREPLY=($(compgen -f -- "$word")); return';
  return `choices='${source.join(' ')}'`;
}

function casesOf({ name, words, options }: CommandSpec): string[] {
  const values = options.flatMap(({ name: option, value }) =>
    value === undefined ? [] : [`    '${name} --${option}') ${offer(value)} ;;`],
  );
  const flags = options.map(({ name: option }) => `--${option}`).join(' ');
  return [...values, `    '${name} '*) ${offer(words)}; [[ $word != -* ]] || choices='${flags}' ;;`];
}

export function renderBash(commands: readonly CommandSpec[]): string {
  return [
    `# Completion for bash. In ~/.bashrc: source <(${PROGRAM} completion bash)`,
    '_proxmox_tokens_environments() {',
    '  local file',
    '  for file in env/*.tfvars env/*.tfvars.json; do',
    '    [ -e "$file" ] || continue',
    '    file=${file#env/} && file=${file%.json} && echo "${file%.tfvars}"',
    '  done',
    '}',
    '_proxmox_tokens() {',
    '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} choices=',
    '  case "${COMP_WORDS[1]} $before" in',
    ...commands.flatMap(casesOf),
    '  esac',
    `  [ "$COMP_CWORD" -ne 1 ] || choices='${commands.map(({ name }) => name).join(' ')} --help'`,
    '  COMPREPLY=($(compgen -W "$choices" -- "$word"))',
    '}',
    `complete -F _proxmox_tokens ${PROGRAM}`,
  ].join('\n');
}
