import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../contract/refusal';
import { SETTINGS_VARIABLE } from '../contract/settings';
import { runProgram } from './program';
import { readMachine } from './ssh';

/** Exit codes: 1 the operator can put it right, 70 (EX_SOFTWARE) a defect of ours. */
const REFUSED = 1;
const DEFECT = 70;

const { env } = process;
const parent = process.ppid;

// The engine reads along through a pipe and may be killed: losing the reader must not end a change half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// Nor must its terminal, which closes with it: what goes on alone ends what it has begun (`converge`).
process.on('SIGHUP', () => undefined);

runProgram(process.argv[2], env[SETTINGS_VARIABLE], {
  folder: process.cwd(),
  machine: readMachine(env),
  clock: { now: Date.now, sleep },
  print: (line) => process.stdout.write(`${line}\n`),
  isOrphan: () => process.ppid !== parent,
}).catch((error: unknown) => {
  if (error instanceof Refusal) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = REFUSED;
  } else {
    process.stderr.write(
      `This is a defect of the bootstrap program, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = DEFECT;
  }
});
