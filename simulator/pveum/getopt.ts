/** Command lines as the node's option parser reads them: mixed order, abbreviations, one dash or two. */

export type OptionKind = 'required' | 'optional' | 'list';
export type OptionTable = ReadonlyMap<string, OptionKind>;

export interface Parsed {
  readonly options: Map<string, string[]>;
  readonly rest: string[];
  readonly warnings: string[];
}

const looksLikeOption = (text: string): boolean => /^-./s.test(text);

/** Exact names win; else an unambiguous beginning will do, in any case of letters. */
function resolve(given: string, table: OptionTable): string | { readonly complaint: string } {
  const wanted = given.toLowerCase();
  const hits = [...table.keys()].filter((name) => name.startsWith(wanted)).sort();
  if (hits.includes(wanted)) return wanted;
  const [only] = hits;
  if (hits.length === 1 && only !== undefined) return only;
  if (hits.length > 1) return { complaint: `Option ${wanted} is ambiguous (${hits.join(', ')})` };
  return { complaint: `Unknown option: ${wanted}` };
}

/** The value of an option, taken from the arguments where it does not stand behind `=`. */
function takeValue(kind: OptionKind, attached: string | undefined, argv: string[]): string | undefined {
  if (attached !== undefined ? attached === '' : argv.length === 0) return kind === 'optional' ? '' : undefined;
  if (attached !== undefined) return attached;
  const next = argv[0] ?? '';
  if (kind === 'optional' && looksLikeOption(next)) return '';
  argv.shift();
  return next;
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
  const [, given = body, attached] = /^([^=]+)=(.*)$/s.exec(body) ?? [];
  const name = resolve(given, table);
  if (typeof name !== 'string') {
    warnings.push(name.complaint);
    return;
  }
  const kind = table.get(name) ?? 'required';
  const value = takeValue(kind, attached, argv);
  if (value === undefined) warnings.push(`Option ${name} requires an argument`);
  else if (kind === 'list') options.set(name, [...(options.get(name) ?? []), value]);
  else options.set(name, [value]);
}
