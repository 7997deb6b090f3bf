import { renderTable } from '../text/table';
import type { Row } from './row';

const HEADING = ['CLUSTER', 'NODE', 'PVE', 'TOKEN', 'API', 'RIGHTS', 'EXPIRES', 'GEN', 'DRIFT'];
/** Columns that may be cut, and that the narrowest terminals do without, in this order: names that the reader knows. */
const NAMES = [1, 0, 3];
const SHORTEST = 12;
const GAP = 2;

/** A line a token below a heading, as wide as the terminal at most. */
export function renderRows(rows: readonly Row[], columns: number): string[] {
  return renderTable(cut([HEADING, ...rows.map(cellsOf)], columns), columns);
}

function cellsOf(row: Row): string[] {
  const { environment, cluster, node, release = '?', identity, retained, generation } = row;
  const { wanted, found = '-' } = generation;
  return [
    `${environment}/${cluster}`,
    node,
    release,
    retained ? `${identity} (retained)` : identity,
    apiCell(row),
    rightsCell(row),
    row.there === undefined ? '?' : row.there ? expiryCell(row) : '-',
    wanted === undefined || wanted === found || !row.there ? found : `${found}, wants ${wanted}`,
    row.drift.join(' ') || (row.there === undefined ? '?' : '-'),
  ];
}

function apiCell({ there, accepted, retained }: Row): string {
  if (there === false) return 'missing';
  if (accepted === undefined) return retained && there ? 'there' : '?';
  return accepted ? 'accepted' : 'refused';
}

function rightsCell({ missing, excess }: Row): string {
  if (missing === undefined || excess === undefined) return '-';
  const count = (rights: typeof missing) => rights.reduce((sum, { privileges }) => sum + privileges.length, 0);
  const [less, more] = [count(missing), count(excess)];
  return [...(less > 0 ? [`-${less}`] : []), ...(more > 0 ? [`+${more}`] : [])].join(' ') || 'ok';
}

function expiryCell({ days }: Row): string {
  if (days === undefined) return 'never';
  return days < 0 ? 'ended' : `${days} d`;
}

/** Cuts the widest of the names until the table fits; where they would say nothing any more, leaves one out. */
function cut(table: readonly (readonly string[])[], columns: number, names = NAMES): (readonly string[])[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const whole = () => widths.reduce((sum, width) => sum + width + GAP, -GAP);
  for (;;) {
    const widest = names.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a), names[0] ?? 0);
    if (whole() <= columns) break;
    if ((widths[widest] ?? 0) <= SHORTEST) {
      const [first, ...rest] = names;
      if (first === undefined || rest.length === 0) break;
      const without = table.map((row) => row.filter((_, column) => column !== first));
      return cut(
        without,
        columns,
        rest.map((column) => (column > first ? column - 1 : column)),
      );
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return table.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
    }),
  );
}
