/** Prints the result of a call in the format that was asked for. */
import { toJson, toPrettyJson, toYaml } from './data-formats';
import { failed } from './failure';
import type { ReturnProperty } from './return-property';
import type { Session } from './session';
import { type Column, renderTable } from './table';
import { compareText, isTrue, sorted } from './text';

export interface ReturnSchema {
  readonly type: 'null' | 'object' | 'array' | 'boolean';
  readonly properties?: Readonly<Record<string, ReturnProperty>>;
}

export type OutputOptions = Readonly<Record<string, string>>;
type Entry = Readonly<Record<string, unknown>>;

function cellText(value: unknown, property: ReturnProperty | undefined, options: OutputOptions): string {
  if (value === undefined || value === null) return '';
  const readable = isTrue(options['human-readable'] ?? '1');
  if (readable && property?.type === 'boolean') return isTrue(value as string | number) ? '1' : '0';
  return typeof value === 'object' ? toJson(value) : String(value);
}

/** Required columns first, each group by name. */
export function columnsOf(properties: Readonly<Record<string, ReturnProperty>>): string[] {
  const names = Object.keys(properties);
  const [required, optional] = [false, true].map((wanted) =>
    names.filter((name) => (properties[name]?.optional ?? false) === wanted).sort(compareText),
  );
  return [...(required ?? []), ...(optional ?? [])];
}

function printTable(
  session: Session,
  entries: readonly Entry[],
  names: readonly string[],
  properties: Readonly<Record<string, ReturnProperty>>,
  options: OutputOptions,
): void {
  const columns: Column[] = names.map((key) => ({ key, property: properties[key] ?? { type: 'string' } }));
  const rows = entries.map((entry) => ({
    sortValue: entry[names[0] ?? ''],
    cells: names.map((name) => cellText(entry[name], properties[name], options)),
  }));
  const style = { border: !isTrue(options.noborder), header: !isTrue(options.noheader), utf8: session.utf8 };
  for (const line of renderTable(columns, rows, style)) session.print(`${line}\n`);
}

function printText(session: Session, data: unknown, schema: ReturnSchema, options: OutputOptions): void {
  const properties = schema.properties ?? {};
  if (schema.type === 'array') {
    const entries = data as readonly Entry[];
    if (entries.length > 0) printTable(session, entries, columnsOf(properties), properties, options);
  } else if (schema.type === 'object') {
    const entry = data as Entry;
    const declared = columnsOf(properties);
    const names = declared.length > 0 ? declared : sorted(Object.keys(entry));
    const pairs = names
      .filter((name) => entry[name] !== undefined && entry[name] !== null)
      .map((key) => ({ key, value: cellText(entry[key], properties[key], options) }));
    printTable(session, pairs, ['key', 'value'], {}, options);
  } else session.print(`${String(data)}\n`);
}

export function printResult(session: Session, data: unknown, schema: ReturnSchema, options: OutputOptions): void {
  if (isTrue(options.quiet) || schema.type === 'null') return;
  const format = options['output-format'] ?? 'text';
  if (format === 'json') session.printUtf8(`${toJson(data)}\n`);
  else if (format === 'json-pretty') session.printUtf8(`${toPrettyJson(data)}\n`);
  // The node encodes twice here: its YAML module gives bytes already.
  else if (format === 'yaml') session.printUtf8(Buffer.from(toYaml(data), 'utf8').toString('latin1'));
  else if (format === 'text') printText(session, data, schema, options);
  // The format is not checked with the other options, so the command has taken effect by now.
  else throw failed('internal error: unknown output format at /usr/share/perl5/PVE/CLIFormatter.pm line 486.');
}

type PermissionReport = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function printPermissions(session: Session, data: PermissionReport, options: OutputOptions): void {
  if ((options['output-format'] ?? 'text') === 'text') printPermissionTable(session, data, options);
  else printResult(session, data, { type: 'object' }, options);
}

function printPermissionTable(session: Session, data: PermissionReport, options: OutputOptions): void {
  const entries = sorted(Object.keys(data)).map((path) => {
    const held = data[path] ?? {};
    const lines = sorted(Object.keys(held)).map((name) => (held[name] ? `${name} (*)` : name));
    return { path, permissions: lines.join('\n') };
  });
  const properties: Record<string, ReturnProperty> = {
    path: { type: 'string', title: 'ACL path' },
    permissions: { type: 'string', title: 'Permissions' },
  };
  printResult(session, entries, { type: 'array', properties }, options);
  session.print("Permissions marked with '(*)' have the 'propagate' flag set.\n");
}
