import { buildProgram } from './child';
import { OPERATIONS } from './operations';
import { runOperation } from './run';

/** Points that are tried at once: while a process starts, another point can be looked at. */
const BENCHES = 2;

/** Runs the operations that the parent names, until it hangs up. */
export async function serveOperations(): Promise<void> {
  const program = buildProgram();
  let work = Promise.resolve();
  process.on('message', (name: string) => {
    work = run(name);
  });
  await new Promise<void>((resolve) => {
    process.once('disconnect', resolve);
  });
  await work;
  program.remove();

  async function run(name: string): Promise<void> {
    const operation = OPERATIONS.find((candidate) => candidate.name === name);
    if (operation === undefined) throw new RangeError(`no operation ${name}`);
    process.send?.(await runOperation(operation, program, BENCHES));
  }
}
