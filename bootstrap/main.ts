import { homedir, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../contract/refusal';
import { SETTINGS_VARIABLE } from '../contract/settings';
import { runProgram } from './program';
import { PASSPHRASE_VARIABLE, PASSWORD_VARIABLE } from './ssh';

/** Exit codes: 1 the operator can put it right, 70 (EX_SOFTWARE) a defect of ours. */
const REFUSED = 1;
const DEFECT = 70;

const { env } = process;
const parent = process.ppid;

// The engine reads along through a pipe and may be killed: losing the reader must not end a change half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

runProgram(process.argv[2], env[SETTINGS_VARIABLE], {
  folder: process.cwd(),
  machine: {
    home: homedir(),
    localUser: userInfo().username,
    ...(env.SSH_AUTH_SOCK ? { agentSocket: env.SSH_AUTH_SOCK } : {}),
    ...(env[PASSPHRASE_VARIABLE] ? { passphrase: env[PASSPHRASE_VARIABLE] } : {}),
    ...(env[PASSWORD_VARIABLE] ? { password: env[PASSWORD_VARIABLE] } : {}),
  },
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
