import { PRESETS } from '../../contract/presets';
import type { Major } from '../../contract/privileges';
import { TASKS } from '../../contract/tasks';
import type { Terminal } from '../context';
import { painter } from '../text/paint';
import { renderTable } from '../text/table';
import type { Difference, Listed } from './lists';

/** How it is to be shown. */
export interface View extends Pick<Terminal, 'columns' | 'colour'> {
  readonly json: boolean;
  readonly release: Major;
}

/** Every preset and every task, and what it is for. */
export function renderAll({ json, columns }: View): string[] {
  const presets = Object.entries(PRESETS).map(([name, { consumer }]) => ({ name, for: consumer }));
  const tasks = Object.entries(TASKS).map(([name, { what }]) => ({ name, for: what }));
  if (json) return [toJson({ presets, tasks })];
  const table = (heading: string, rows: typeof presets) =>
    renderTable([[heading, 'FOR'], ...rows.map((row) => [row.name, row.for])], columns);
  return [...table('PRESET', presets), '', ...table('TASK', tasks)];
}

export function renderPreset(preset: string, listed: readonly Listed[], view: View): string[] {
  const { json, release } = view;
  const found = PRESETS[preset];
  const role = found !== undefined && 'builtIn' in found ? found.builtIn : undefined;
  if (json) return [toJson({ release, preset, ...(role !== undefined && { role }), privileges: listed.map(asJson) })];
  const count = `${listed.length} privileges`;
  const what = role === undefined ? count : `the built-in role ${role}, ${count}`;
  return [`preset "${preset}" on Proxmox VE ${release}: ${what}`, ...renderList(listed, view)];
}

export function renderTasks(tasks: readonly string[], listed: readonly Listed[], view: View): string[] {
  const { json, release } = view;
  if (json) return [toJson({ release, tasks, privileges: listed.map(asJson) })];
  return [
    `the least for ${tasks.join(', ')} on Proxmox VE ${release}: ${listed.length} privileges`,
    ...renderList(listed, view),
    '',
    'In `bootstrap` of an entry, instead of `preset`:',
    `  privileges = [${listed.map(({ privilege }) => `"${privilege}"`).join(', ')}]`,
  ];
}

export function renderDifference({ from, to, add, remove }: Difference, view: View): string[] {
  const { json, release, columns, colour } = view;
  if (json) return [toJson({ release, from, to, add: add.map(asJson), remove: remove.map(asJson) })];
  const signed = (sign: string, list: readonly Listed[]) =>
    list.map(({ privilege, purpose }) => [`${sign} ${privilege}`, purpose]);
  const paint = painter(colour);
  const lines = renderTable([...signed('+', add), ...signed('-', remove)], columns - 2);
  return [
    `from preset "${from}" to "${to}" on Proxmox VE ${release}: +${add.length} -${remove.length}`,
    ...lines.map((line) => `  ${paint(line.startsWith('+') ? 'green' : 'red', line)}`),
  ];
}

function renderList(listed: readonly Listed[], { columns }: View): string[] {
  const rows = listed.map(({ privilege, purpose, paths }) =>
    paths === undefined ? [privilege, purpose] : [privilege, paths.join(', '), purpose],
  );
  return renderTable(rows, columns - 2).map((line) => `  ${line}`);
}

const asJson = ({ privilege, purpose, paths }: Listed) => ({ name: privilege, for: purpose, ...(paths && { paths }) });

const toJson = (shape: object): string => JSON.stringify({ version: 1, ...shape }, undefined, 2);
