/** From the arguments behind a command's name to its parameters. */
import { type Command, OUTPUT_OPTIONS } from './command';
import { badRequest, wrongParameters } from './failure';
import { type OptionKind, type Parsed, parseOptions } from './getopt';
import { checkParams, isList, type Params, type Properties, type Property } from './schema';
import type { Session } from './session';

export interface Arguments {
  readonly params: Params;
  readonly output: Params;
  readonly rest: readonly string[];
}

const kindOf = (property: Property): OptionKind => {
  if (property.type === 'boolean' || property.interactive) return 'optional';
  return isList(property) || property.type === 'array' ? 'list' : 'required';
};

const optionsOf = (command: Command): Properties =>
  command.output ? { ...command.properties, ...OUTPUT_OPTIONS } : command.properties;

function toBoolean(value: string): string {
  if (value === '' || /^(?:1|on|yes|true)\n?$/i.test(value)) return '1';
  if (/^(?:0|off|no|false)\n?$/i.test(value)) return '0';
  throw badRequest('unable to parse boolean option');
}

/** What a byte that the locale does not know turns into. */
const decode = (value: string, utf8: boolean): string =>
  utf8
    ? value
    : [...Buffer.from(value, 'utf8')].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd')).join('');

/** Puts the arguments that are no options into their places; the last place may take all that is left. */
function place(command: Command, { rest }: Parsed, params: Params): readonly string[] {
  const left = [...rest];
  for (const name of command.positional) {
    if (name === 'extra-args') return left;
    const value = left.shift();
    if (value !== undefined) params[name] = value;
    else if (!command.properties[name]?.optional) throw badRequest('not enough arguments');
  }
  if (left.length > 0) throw badRequest('too many arguments');
  return [];
}

export function readArguments(session: Session, command: Command, argv: readonly string[]): Arguments {
  const properties = optionsOf(command);
  const names = Object.keys(properties).filter((name) => command.fixed?.[name] === undefined);
  const parsed = parseOptions(argv, new Map(names.map((name) => [name, kindOf(properties[name] as Property)])));
  for (const warning of parsed.warnings) session.complain(Buffer.from(`${warning}\n`, 'utf8').toString('latin1'));
  if (parsed.warnings.length > 0) throw badRequest('unable to parse option');
  const params: Params = {};
  for (const [name, values] of parsed.options) params[name] = values.join(',');
  const rest = place(command, parsed, params);
  for (const [name, value] of Object.entries(params)) {
    const decoded = decode(value, session.utf8);
    params[name] = properties[name]?.type === 'boolean' ? toBoolean(decoded) : decoded;
  }
  Object.assign(params, command.fixed);
  return { ...splitOutput(params, command), rest };
}

function splitOutput(params: Params, command: Command): { params: Params; output: Params } {
  const isOutput = ([name]: [string, string]) => command.output !== undefined && Object.hasOwn(OUTPUT_OPTIONS, name);
  const entries = Object.entries(params);
  return {
    params: Object.fromEntries(entries.filter((entry) => !isOutput(entry))),
    output: Object.fromEntries(entries.filter(isOutput)),
  };
}

export function verifyParams(session: Session, command: Command, params: Params): void {
  const { privileges, traits } = session;
  const errors = checkParams(params, command.properties, privileges, traits.missingPropertyText);
  if (errors.size > 0) throw wrongParameters(errors);
}
