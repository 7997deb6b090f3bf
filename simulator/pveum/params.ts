/** From the arguments behind a command's name to its parameters. */
import { type Command, OUTPUT_OPTIONS } from './command';
import { badRequest, wrongParameters } from './failure';
import { type OptionKind, parseOptions } from './getopt';
import { checkParams, isList, type Params, type Property } from './schema';
import type { Session } from './session';

export interface Arguments {
  readonly params: Params;
  readonly output: Params;
}

const kindOf = (property: Property): OptionKind =>
  property.type === 'boolean' ? 'optional' : isList(property) ? 'list' : 'required';

function toBoolean(value: string): string {
  if (value === '' || /^(?:1|on|yes|true)\n?$/i.test(value)) return '1';
  if (/^(?:0|off|no|false)\n?$/i.test(value)) return '0';
  throw badRequest('unable to parse boolean option');
}

/** What a byte that the locale does not know turns into. */
const decode = (value: string, utf8: boolean): string =>
  utf8 ? value : [...Buffer.from(value, 'utf8')].map((b) => (b < 0x80 ? String.fromCharCode(b) : '\ufffd')).join('');

export function readArguments(session: Session, command: Command, argv: readonly string[]): Arguments {
  const { fixed = {}, prints, positional } = command;
  const properties = prints ? { ...command.properties, ...OUTPUT_OPTIONS } : command.properties;
  const options = Object.entries(properties).filter(([name]) => fixed[name] === undefined);
  const parsed = parseOptions(argv, new Map(options.map(([name, property]) => [name, kindOf(property)])));
  for (const warning of parsed.warnings) session.complain(Buffer.from(`${warning}\n`, 'utf8').toString('latin1'));
  if (parsed.warnings.length > 0) throw badRequest('unable to parse option');
  const given = new Map([...parsed.options].map(([name, values]) => [name, values.join(',')]));
  const rest = [...parsed.rest];
  for (const name of positional) {
    const value = rest.shift();
    if (value !== undefined) given.set(name, value);
    else if (!properties[name]?.optional) throw badRequest('not enough arguments');
  }
  if (rest.length > 0) throw badRequest('too many arguments');
  const [params, output]: [Params, Params] = [{ ...fixed }, {}];
  for (const [name, value] of given) {
    const decoded = decode(value, session.utf8);
    const place = prints && Object.hasOwn(OUTPUT_OPTIONS, name) ? output : params;
    place[name] = properties[name]?.type === 'boolean' ? toBoolean(decoded) : decoded;
  }
  const { privileges, traits } = session;
  const errors = checkParams(params, command.properties, privileges, traits.missingPropertyText);
  if (errors.size > 0) throw wrongParameters(errors);
  return { params, output };
}
