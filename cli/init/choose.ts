import { printable } from '../../bootstrap/foreign-text';
import { ROOT } from '../../contract/identifiers';
import { nameOf, parseComment, sameOwner } from '../../contract/mark';
import { PRESETS } from '../../contract/presets';
import type { Terminal } from '../context';
import { renderTable } from '../text/table';
import type { Answers } from './answers';
import { checkIdentity, checkName, checkPreset, checkRole } from './checks';
import { type Chosen, suggestName } from './new-entry';
import type { NodeFacts } from './node';
import { entryExists } from './refusals';
import type { Target } from './target';

const PRESET = { text: 'Preset', option: 'preset', fallback: 'opentofu', check: checkPreset };

/** What the entry is to be: from the command line, from a person, or by default. */
export async function choose(
  host: string,
  facts: NodeFacts,
  target: Target,
  answers: Answers,
  terminal: Terminal,
): Promise<Chosen> {
  const name = await chooseName(host, facts, target, answers);
  const given = answers.checked('identity', checkIdentity);
  // root@pam has every privilege already.
  const isRoot = (identity?: string) => identity?.startsWith(`${ROOT}!`) ?? false;
  const preset = isRoot(given) ? undefined : await choosePreset(answers, terminal);
  const fallback = `${preset}@pve!${preset}-token`;
  const question = { text: 'Token', option: 'identity', fallback, check: checkIdentity };
  const identity = given ?? (await answers.choose(question));
  tellOf(identity, { environment: target.name, cluster: name }, facts, terminal);
  if (preset === undefined || isRoot(identity)) return { name, identity };
  const role = await chooseRole(preset, answers);
  return { name, identity, preset, ...(role !== undefined && { role }) };
}

async function choosePreset(answers: Answers, terminal: Terminal): Promise<string> {
  if (answers.asks('preset')) for (const line of presetLines(terminal)) terminal.note(line);
  return answers.choose(PRESET);
}

/** Every preset, and whom it is for. */
export function presetLines({ columns }: Terminal, more: readonly (readonly string[])[] = []): string[] {
  const rows = Object.entries(PRESETS).map(([preset, { consumer }]) => [preset, consumer]);
  return renderTable([...more, ...rows], columns - 2).map((line) => `  ${line}`);
}

/** Undefined for a preset that is a role of Proxmox VE itself. */
export async function chooseRole(preset: string, answers: Answers): Promise<string | undefined> {
  const found = PRESETS[preset];
  if (found !== undefined && 'builtIn' in found) return undefined;
  return answers.choose({ text: 'Role', option: 'role', fallback: `${preset}-role`, check: checkRole });
}

async function chooseName(
  host: string,
  facts: NodeFacts,
  { clusters, shown }: Target,
  answers: Answers,
): Promise<string> {
  const check = (name: string) =>
    checkName(name) ?? (clusters.includes(name) ? `is a cluster of ${shown} already` : undefined);
  const given = answers.checked('name', checkName);
  if (given !== undefined && clusters.includes(given)) throw entryExists(given, shown);
  const fallback = suggestName(facts, host, clusters);
  return answers.choose({ text: 'Name of the cluster in the env file', option: 'name', fallback, check });
}

/** What becomes of a token of that name that the node has already. */
function tellOf(
  identity: string,
  owner: { readonly environment: string; readonly cluster: string },
  { found }: NodeFacts,
  terminal: Terminal,
): void {
  const token = found.tokens.get(identity);
  if (token === undefined) return;
  const other = parseComment(token.comment).sections.find((section) => !sameOwner(section.owner, owner));
  terminal.note(
    other === undefined
      ? `${identity} is there: it is adopted, and keeps its secret.`
      : `${identity} is there, and its comment says that it belongs to ${printable(nameOf(other.owner), 130)}: choose another, or a deploy refuses it.`,
  );
}
