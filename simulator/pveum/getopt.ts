/** Command lines as the node's option parser reads them: mixed order, one dash or two. Names are to be written out here. */

export type OptionKind = 'required' | 'optional' | 'list';
export type OptionTable = ReadonlyMap<string, OptionKind>;

export interface Parsed {
  readonly options: Map<string, string[]>;
  readonly rest: string[];
  readonly warnings: string[];
}

const looksLikeOption = (text: string): boolean => /^-./s.test(text);

/** The value of an option, taken from the arguments where it does not stand behind `=`. */
function takeValue(kind: OptionKind, attached: string | undefined, argv: string[]): string | undefined {
  if (attached !== undefined ? attached === '' : argv.length === 0) return kind === 'optional' ? '' : undefined;
  if (attached !== undefined) return attached;
  if (kind === 'optional' && looksLikeOption(argv[0] ?? '')) return '';
  return argv.shift();
}

export function parseOptions(args: readonly string[], table: OptionTable): Parsed {
  const argv = [...args];
  const parsed: Parsed = { options: new Map(), rest: [], warnings: [] };
  for (let arg = argv.shift(); arg !== undefined; arg = argv.shift()) {
    if (arg === '--') {
      parsed.rest.push(...argv);
      break;
    }
    if (looksLikeOption(arg)) takeOption(arg, argv, table, parsed);
    else parsed.rest.push(arg);
  }
  return parsed;
}

function takeOption(arg: string, argv: string[], table: OptionTable, { options, warnings }: Parsed): void {
  const body = arg.replace(/^--?/, '');
  const [, name = body, attached] = /^([^=]+)=(.*)$/s.exec(body) ?? [];
  const kind = table.get(name);
  if (kind === undefined) {
    warnings.push(`Unknown option: ${name.toLowerCase()}`);
    return;
  }
  const value = takeValue(kind, attached, argv);
  if (value === undefined) warnings.push(`Option ${name} requires an argument`);
  else if (kind === 'list') options.set(name, [...(options.get(name) ?? []), value]);
  else options.set(name, [value]);
}
