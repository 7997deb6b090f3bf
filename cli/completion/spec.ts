/** What may stand where on the command line, out of the table of commands: nothing is listed twice. */
import { PRESETS } from '../../contract/presets';
import type { Command } from '../command';

export type Source = 'environments' | 'files' | readonly string[];

export interface OptionSpec {
  readonly name: string;
  readonly help: string;
  /** Absent: it takes no value. */
  readonly value?: Source;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly words: Source;
  readonly options: readonly OptionSpec[];
}

/** Of `ENV`, `[PRESET]`, `bash|zsh|fish`, `FILE`. */
function sourceOf(placeholder: string): Source {
  const [word = ''] = /[A-Za-z0-9|]+/.exec(placeholder) ?? [];
  if (word === 'ENV') return 'environments';
  if (word === 'FILE') return 'files';
  if (word === 'PRESET') return Object.keys(PRESETS);
  return word.includes('|') ? word.split('|') : [];
}

export function specOf({ name, summary, usage, options }: Command): CommandSpec {
  const [first = ''] = usage.split(' ');
  const known = Object.entries(options).map(([option, { type, value, help }]) => ({
    name: option,
    help,
    ...(type === 'string' && { value: sourceOf(value ?? '') }),
  }));
  return {
    name,
    summary,
    words: /^\[?-/.test(first) ? [] : sourceOf(first),
    options: [...known, { name: 'help', help: 'What the command does, with examples.' }],
  };
}
