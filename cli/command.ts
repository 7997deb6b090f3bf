import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Context } from './context';
import { WrongUse } from './exit';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** One command: what `--help` says of it, and what it does. */
export interface Command {
  readonly name: string;
  /** The rest of the command line: `[ENV] [--json]`. */
  readonly usage: string;
  /** A sentence. */
  readonly summary: string;
  /** More sentences, for `--help` of the command alone. */
  readonly details: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  readonly examples: readonly string[];
  /** How many words it takes beside its options. */
  readonly words: { readonly least: number; readonly most: number };
  /** Loads what it needs on use: the start of every other command stays short. Returns the exit code. */
  run(given: Given, context: Context): Promise<number>;
}

export interface CommandOption {
  readonly type: 'boolean' | 'string';
  readonly multiple?: true;
  /** What stands for the value: `DAYS`. */
  readonly value?: string;
  readonly help: string;
}

/** The command line, taken apart. */
export interface Given {
  readonly words: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

/** Throws `WrongUse` on unknown options and on too few or too many words. */
export function readGiven(command: Command, argv: readonly string[]): Given {
  const end = argv.indexOf('--');
  const [own, rest] = end < 0 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
  const { values, positionals } = parse(command, own);
  const { least, most } = command.words;
  if (positionals.length < least) throw new WrongUse(`It takes: ${command.name} ${command.usage}`);
  if (positionals.length > most) throw new WrongUse(`\`${positionals[most]}\` is one word too many.`);
  return {
    words: positionals,
    rest,
    flag: (name) => values[name] === true,
    value: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    values: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
    },
  };
}

function parse({ options }: Command, args: readonly string[]) {
  try {
    const known: Options = Object.fromEntries(
      Object.entries(options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
    );
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? `${error.message.split('. ')[0]}.` : String(error));
  }
}
