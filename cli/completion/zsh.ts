import { PROGRAM } from '../help';
import type { CommandSpec, Source } from './spec';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** `_describe` splits a line at its first colon. */
const described = (name: string, text: string): string => quote(`${name.replaceAll(':', '\\:')}:${text}`);

function offer(source: Source): string {
  if (source === 'environments') return '_proxmox_tokens_environments';
  if (source === 'files') return '_files';
  return source.length === 0 ? 'true' : `compadd -- ${source.join(' ')}`;
}

function casesOf({ name, words, options }: CommandSpec): string[] {
  const values = options.flatMap(({ name: option, value }) =>
    value === undefined ? [] : [`    '${name} --${option}') ${offer(value)} ;;`],
  );
  const flags = options.map(({ name: option, help }) => described(`--${option}`, help)).join(' ');
  return [
    ...values,
    `    '${name} '*) if [[ $words[CURRENT] == -* ]]; then lines=(${flags}); _describe option lines; else ${offer(words)}; fi ;;`,
  ];
}

export function renderZsh(commands: readonly CommandSpec[]): string {
  const all = commands.map(({ name, summary }) => described(name, summary)).join(' ');
  return [
    `#compdef ${PROGRAM}`,
    `# Completion for zsh. In ~/.zshrc, after compinit: source <(${PROGRAM} completion zsh)`,
    '_proxmox_tokens_environments() {',
    '  local -a files',
    '  files=(env/*.tfvars(N:t:r) env/*.tfvars.json(N:t:r:r))',
    '  compadd -- $files',
    '}',
    '_proxmox_tokens() {',
    '  local -a lines',
    `  if (( CURRENT == 2 )); then lines=(${all}); _describe command lines; return; fi`,
    '  case "$words[2] $words[CURRENT-1]" in',
    ...commands.flatMap(casesOf),
    '  esac',
    '}',
    // Loaded from a folder of $fpath, the file is the function.
    `if [[ $funcstack[1] == _proxmox_tokens ]]; then _proxmox_tokens "$@"; else compdef _proxmox_tokens ${PROGRAM}; fi`,
  ].join('\n');
}
