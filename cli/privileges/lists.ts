import { resolvePrivileges } from '../../bootstrap/plan/privileges';
import { PRESETS } from '../../contract/presets';
import { type Major, PRIVILEGES, privilegesOn } from '../../contract/privileges';
import { Refusal } from '../../contract/refusal';
import { TASKS } from '../../contract/tasks';
import { WrongUse } from '../exit';

/** One line of a list. */
export interface Listed {
  readonly privilege: string;
  readonly purpose: string;
  /** Where it is asked for; absent in the list of a preset. */
  readonly paths?: readonly string[];
}

/** Two presets, compared. */
export interface Difference {
  readonly from: string;
  readonly to: string;
  readonly add: readonly Listed[];
  readonly remove: readonly Listed[];
}

const taskImpossible = (task: string, privilege: string, release: Major) =>
  new Refusal(
    'TASK_IMPOSSIBLE',
    `No token can do \`${task}\` on Proxmox VE ${release}.`,
    `It takes \`${privilege}\`, which came with a later release.`,
    'Upgrade the node, or do this as root@pam with a password.',
  );

/** The privileges of a preset on a release. Throws `WrongUse` on a name that is none. */
export function listPreset(preset: string, release: Major): readonly Listed[] {
  const found = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (found === undefined) throw unknownName('preset', preset, PRESETS);
  const known = privilegesOn(release);
  const names = 'builtIn' in found ? ofBuiltIn(found.builtIn, known) : resolvePrivileges({ preset, acl: [] }, known);
  return (names ?? []).map((privilege) => describe(privilege));
}

/** What the second preset grants more and less than the first. */
export function compare(from: string, to: string, release: Major): Difference {
  const [before, after] = [listPreset(from, release), listPreset(to, release)];
  const lacking = (one: readonly Listed[], other: readonly Listed[]) =>
    one.filter(({ privilege }) => !other.some((listed) => listed.privilege === privilege));
  return { from, to, add: lacking(after, before), remove: lacking(before, after) };
}

/** As four releases have them: the administrator holds everything, the auditor what only shows. */
function ofBuiltIn(role: string, known: ReadonlySet<string>): readonly string[] {
  return [...known].filter((privilege) => role === 'Administrator' || privilege.endsWith('.Audit'));
}

/** The least for some tasks together, and where. Throws where the release lacks what a task cannot do without. */
export function listTasks(tasks: readonly string[], release: Major): readonly Listed[] {
  const known = privilegesOn(release);
  const paths = new Map<string, Set<string>>();
  for (const name of tasks) {
    const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
    if (task === undefined) throw unknownName('task', name, TASKS);
    const missing = task.needs.find(({ privilege }) => !known.has(privilege));
    if (missing !== undefined) throw taskImpossible(name, missing.privilege, release);
    const wanted = (task.whereKnown ?? []).filter(({ privilege }) => known.has(privilege));
    for (const { privilege, path } of [...task.needs, ...wanted])
      paths.set(privilege, (paths.get(privilege) ?? new Set()).add(path));
  }
  return [...paths].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, on]) => describe(name, [...on]));
}

function describe(privilege: string, paths?: readonly string[]): Listed {
  const purpose = PRIVILEGES.get(privilege)?.purpose ?? '';
  return { privilege, purpose, ...(paths && { paths }) };
}

function unknownName(kind: string, name: string, table: Readonly<Record<string, unknown>>): WrongUse {
  return new WrongUse(`There is no ${kind} \`${name}\`. There are: ${Object.keys(table).join(', ')}.`);
}
