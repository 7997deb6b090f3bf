/**
 * Loaded into the program's process before the program: counts what it does to files of this machine, and lets one fault
 * strike there. Told by the variable FAULT_PLAN what to do.
 */
import { appendFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { basename } from 'node:path';
import type { LocalPlan } from './local';

type Call = (...args: never[]) => Promise<unknown>;
type Calls = Record<string, Call>;

const plan = JSON.parse(process.env.FAULT_PLAN ?? '{}') as LocalPlan;
const promises = files as unknown as Calls;
let count = 0;

function die(signal: NodeJS.Signals): never {
  process.kill(process.pid, signal);
  // Nothing more may happen until the signal is there.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const noSpace = (step: string) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${step}`), { code: 'ENOSPC', errno: -28, syscall: step });

/** What needs no space goes on working on a full disk. */
const FREES = ['rm', 'readdir', 'chmod', 'close'];

function isFull(name: string): boolean {
  return plan.fault === 'full' && (count === plan.k || (count > (plan.k ?? 0) && !FREES.includes(name)));
}

function wrapped(name: string, call: Call, on: (args: readonly unknown[]) => string): Call {
  return async (...args) => {
    count += 1;
    const step = `${name} ${on(args)}`.trim();
    appendFileSync(plan.log, `${step}\n`);
    if (isFull(name)) {
      // A part of it may have found room.
      if (name === 'writeFile') await call(...([String(args[0]).slice(0, 10)] as never[]));
      throw noSpace(name);
    }
    const here = plan.fault === 'die' && count === plan.k ? plan : undefined;
    if (here?.moment === 'before') die(here.signal);
    const result = await call(...args);
    if (here?.moment === 'after') die(here.signal);
    return name === 'open' ? withSteps(result as Calls, on(args)) : result;
  };
}

function withSteps(handle: Calls, file: string): Calls {
  for (const name of ['writeFile', 'sync', 'close']) {
    handle[name] = wrapped(name, (handle[name] as Call).bind(handle), () => file);
  }
  return handle;
}

/** Without the random part of a passing name. */
const fileIn = ([path]: readonly unknown[]) => basename(String(path)).replace(/\.[0-9a-f]{8}(?=\.part$)/, '');

for (const name of ['open', 'mkdir', 'chmod', 'rename', 'rm', 'readdir']) {
  promises[name] = wrapped(name, promises[name] as Call, fileIn);
}
