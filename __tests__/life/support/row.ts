import { expect, test } from 'vitest';
import { readRows, stands } from './document';

/** For rows of several deploys on a busy machine. */
const LIMIT_MILLISECONDS = 300_000;

/**
 * A test of one row of the life table, with `cdktf` and an engine. `act` does what the row says, checks what happens, and
 * returns all that was printed: every line of the row's last column has to stand in it.
 */
export function row(id: string, act: () => Promise<string>): void {
  rowTest(id, act, true);
}

/** The same for a row that the document marks with †: `act` runs the program's verbs itself. */
export function rowWithoutCdktf(id: string, act: () => Promise<string>): void {
  rowTest(id, act, false);
}

function rowTest(id: string, act: () => Promise<string>, cdktf: boolean): void {
  const found = readRows().find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`docs/life-cycle.md has no row ${id}`);
  if (found.cdktf !== cdktf) throw new Error(`docs/life-cycle.md: row ${id} has to be ${cdktf ? 'without' : 'with'} †`);
  test(
    `${id}${cdktf ? '' : ', without cdktf'}: ${found.happens}`,
    async () => {
      const output = await act();
      const missing = found.printed.filter((line) => !stands(line, output));
      expect(missing, `not printed; printed was:\n${output}`).toEqual([]);
    },
    LIMIT_MILLISECONDS,
  );
}
