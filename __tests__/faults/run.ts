import { type Bench, openBench } from './bench';
import type { Program } from './child';
import { checkReference } from './ends';
import { KINDS_HERE } from './kinds';
import { kindsOfChild, withLocalSteps } from './kinds-child';
import type { Operation } from './operation';
import { takeReference } from './reference';
import { nameOf, pointsOf, tryPoint } from './trial';

export interface Report {
  readonly operation: string;
  readonly points: number;
  /** Each point that did not converge, with what was wrong. */
  readonly failures: readonly string[];
}

/** All points of one operation. Without a program: those kinds alone that need no process of their own. */
export async function runOperation(operation: Operation, program?: Program, benches = 1): Promise<Report> {
  const open: Bench[] = [];
  try {
    for (let index = 0; index < benches; index += 1) open.push(await openBench(operation.release));
    return await runOn(open, operation, program);
  } finally {
    await Promise.all(open.map((bench) => bench.close()));
  }
}

async function runOn(benches: readonly Bench[], operation: Operation, program?: Program): Promise<Report> {
  const [bench] = benches;
  if (bench === undefined) throw new RangeError('no bench');
  const taken = await takeReference(operation, bench);
  const reference = program === undefined ? taken : await withLocalSteps(taken, bench, program);
  const kinds = [...KINDS_HERE, ...(program === undefined ? [] : kindsOfChild(program))];
  const points = pointsOf(reference, kinds);
  const failures = checkReference(reference).map((complaint) => `${operation.name}, without a fault: ${complaint}`);
  const queue = points.values();
  await Promise.all(
    benches.map(async (own) => {
      for (const point of queue) {
        const complaints = await tryPoint(point, reference, own).catch((error: unknown) => [String(error)]);
        if (complaints.length > 0) failures.push(`${nameOf(point, reference)}: ${complaints.join('; ')}`);
      }
    }),
  );
  return { operation: operation.name, points: points.length, failures };
}
