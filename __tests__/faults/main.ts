/** Strikes every step of every operation with every fault, and counts where the next deploy converges: `--only NAME`, a part of their names. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { OPERATIONS } from './operations';
import type { Report } from './run';
import { serveOperations } from './worker';

const WORKER = 'FAULTS_WORKER';

/** Hands each worker one operation after the other. */
async function employ(queue: Iterator<string>, told: (report: Report) => void): Promise<void> {
  const worker = fork(__filename, [], { env: { ...process.env, [WORKER]: '1' } });
  const next = () => {
    const { value, done } = queue.next();
    if (done) worker.disconnect();
    else worker.send(value);
  };
  worker.on('message', (report: Report) => {
    told(report);
    next();
  });
  next();
  await mustEnd(worker);
}

async function mustEnd(worker: ChildProcess): Promise<void> {
  const [code, signal] = await once(worker, 'exit');
  if (code !== 0) throw new Error(`a worker ended with ${signal ?? code}`);
}

async function main(): Promise<void> {
  const { only } = parseArgs({ options: { only: { type: 'string', default: '' } } }).values;
  const names = OPERATIONS.map(({ name }) => name).filter((name) => name.includes(only));
  if (names.length === 0) throw new RangeError(`no operation is called ${only}`);
  let [points, failures] = [0, 0];
  const told = (report: Report) => {
    points += report.points;
    failures += report.failures.length;
    for (const failure of report.failures) console.log(`NOT CONVERGED: ${failure}`);
    console.log(`${report.operation}: ${report.points} points`);
  };
  const queue = names.values();
  const workers = Math.min(names.length, availableParallelism());
  await Promise.all(Array.from({ length: workers }, () => employ(queue, told)));
  console.log(`faults: ${points} points tried, ${points - failures} converged`);
  if (failures > 0) process.exitCode = 1;
}

const work = process.env[WORKER] === '1' ? serveOperations() : main();
work.catch((error: unknown) => {
  console.error(error);
  process.exit(70);
});
