/** Usage texts. The wording of descriptions is our own, the form is the node's. */
import type { Branch, Command, TreeNode } from './command';
import type { Property } from './schema';
import { compareText } from './text';

const INDENT = '       ';

function synopsis(prefix: string, command: Command): string {
  const places = command.positional.map((name) => (command.properties[name]?.optional ? `[<${name}>]` : `<${name}>`));
  const options = optionNames(command);
  const required = options.flatMap((name) => {
    const property = command.properties[name];
    return property && !property.optional ? [`--${name} <${property.type}>`] : [];
  });
  const args = [...places, ...required].join(' ');
  return `${prefix} ${args}${options.length > 0 ? ' [OPTIONS]' : ''}${command.output ? ' [FORMAT_OPTIONS]' : ''}\n`;
}

const optionNames = (command: Command): string[] =>
  Object.keys(command.properties)
    .filter((name) => !command.positional.includes(name) && command.fixed?.[name] === undefined)
    // A password that is asked for anyway is not listed.
    .filter((name) => !(command.properties[name]?.interactive && !command.properties[name]?.optional))
    .sort(compareText);

function typeText(property: Property): string {
  if (property.choices) return `<${[...property.choices].sort(compareText).join(' | ')}>`;
  if (property.pattern !== undefined) return property.pattern;
  return property.minimum === undefined ? `<${property.type}>` : `<${property.type}> (${property.minimum} - N)`;
}

function describe(shown: string, property: Property): string {
  const preset = property.default === undefined ? '' : `   (default=${property.default})`;
  const needs = property.requires === undefined ? '' : `             Requires option(s): ${property.requires}\n\n`;
  return `  ${shown.padEnd(10)} ${typeText(property)}${preset}\n             ${property.about}\n\n${needs}`;
}

function full(prefix: string, command: Command): string {
  const places = command.positional.map((name) => describe(`<${name}>`, command.properties[name] as Property));
  const options = optionNames(command).map((name) => describe(`--${name}`, command.properties[name] as Property));
  return `USAGE: ${synopsis(prefix, command)}\n  ${command.about}\n\n${places.join('')}${options.join('')}`;
}

export const shortUsage = (prefix: string, command: Command): string => synopsis(prefix, command);

/** Branches before commands, commands by family. */
function ordered(node: Branch): [string, TreeNode][] {
  const familyOf = (child: TreeNode) => (child.kind === 'command' ? child.family : '');
  return Object.entries(node.children).sort(
    ([left, a], [right, b]) => compareText(familyOf(a), familyOf(b)) || compareText(left, right),
  );
}

function listBranch(node: Branch, prefix: string, separator: string, verbose: boolean): string {
  let text = '';
  let family = '';
  const entries = verbose ? Object.entries(node.children).sort(([a], [b]) => compareText(a, b)) : ordered(node);
  for (const [name, child] of entries) {
    if (child.kind === 'alias') continue;
    const inner = `${prefix} ${name}`;
    if (child.kind === 'branch') {
      const part = listBranch(child, inner, '', verbose);
      text += part.includes('\n\n') ? part : part + separator;
      continue;
    }
    if (family !== '' && family !== child.family) text += separator;
    family = child.family;
    text += verbose ? full(inner, child) : INDENT + shortUsage(inner, child);
  }
  return text;
}

/** The list below one node, or the usage of one command. */
export function usageBelow(node: Branch | Command, prefix: string, separator: string, verbose: boolean): string {
  if (node.kind === 'branch') return listBranch(node, prefix, separator, verbose);
  return verbose ? full(prefix, node) : INDENT + shortUsage(prefix, node);
}

/** What goes to stderr when no command could be found. */
export const complaint = (reason: string, node: Branch, prefix: string, separator: string): string =>
  `ERROR: ${reason}\nUSAGE: pveum <COMMAND> [ARGS] [OPTIONS]\n\n${usageBelow(node, prefix, separator, false)}`;
