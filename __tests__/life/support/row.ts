import { expect, test } from 'vitest';
import { readRows, stands } from './document';

/** For rows of several deploys on a busy machine. */
const LIMIT_MILLISECONDS = 300_000;

/**
 * A test of one row of the life table. `act` does what the row says, checks what happens, and returns all that was printed:
 * every line of the row's last column has to stand in it.
 */
export function row(id: string, act: () => Promise<string>): void {
  const found = readRows().find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`docs/life-cycle.md has no row ${id}`);
  test(
    `${id}: ${found.happens}`,
    async () => {
      const output = await act();
      const missing = found.printed.filter((line) => !stands(line, output));
      expect(missing, `not printed; printed was:\n${output}`).toEqual([]);
    },
    LIMIT_MILLISECONDS,
  );
}
