/** How a command is declared, and the line of usage that stands behind a complaint about its parameters. */
import type { Params, Properties } from './schema';
import type { Session } from './session';
import { compareText } from './text';

export interface Command {
  readonly positional: readonly string[];
  readonly properties: Properties;
  /** Set by the command's name, no option of its own. */
  readonly fixed?: Params;
  /** Only then do the output options exist. */
  readonly prints?: true;
  /** What it returns is printed, if it prints. */
  readonly run: (session: Session, params: Params) => unknown;
}

export type Commands = Readonly<Record<string, Command>>;

/** The formats themselves are not checked before a command took effect. */
export const OUTPUT_OPTIONS: Properties = {
  'output-format': { type: 'string', optional: true },
  noheader: { type: 'boolean', optional: true },
  noborder: { type: 'boolean', optional: true },
  quiet: { type: 'boolean', optional: true },
};

export function usage(words: string, { positional, properties, fixed = {}, prints }: Command): string {
  const options = Object.entries(properties).filter(
    ([name]) => !positional.includes(name) && fixed[name] === undefined,
  );
  const required = options.filter(([, { optional }]) => !optional).sort(([left], [right]) => compareText(left, right));
  const places = positional.map((name) => (properties[name]?.optional ? `[<${name}>]` : `<${name}>`));
  const args = [...places, ...required.map(([name, { type }]) => `--${name} <${type}>`)].join(' ');
  return `pveum ${words} ${args}${options.length > 0 ? ' [OPTIONS]' : ''}${prints ? ' [FORMAT_OPTIONS]' : ''}\n`;
}
