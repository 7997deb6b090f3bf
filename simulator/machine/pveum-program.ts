/** pveum with its files: reads, decides, and writes under the lock. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { runPveum } from '../pveum/run';
import type { Call, Outcome } from '../pveum/session';
import { acquireLock, LOCK_NAME, unlock } from './lock';
import { readFiles, replaceFile } from './node-files';
import type { Execution, Program } from './program';
import { logRun } from './run-log';
import type { Settings } from './settings';

const told = (task: string, text: string): string => (task === '' ? text : `${task}: ${text}`);

function callOf({ root, argv, env, user }: Execution, settings: Settings): Call {
  return {
    release: settings.release,
    argv,
    env,
    isRoot: user === 'root',
    files: readFiles(root),
    newSecret: () => randomUUID(),
  };
}

/** A call that writes several files may have written some of them. */
function withFullDisk(outcome: Outcome, room: number): Outcome {
  const missed = outcome.writes[room];
  if (!missed) return outcome;
  const text = `unable to write '/etc/pve/${missed.file}.tmp.${process.pid}' - No space left on device\n`;
  const stderr = Buffer.concat([outcome.stderr, Buffer.from(told(outcome.lockedTask ?? '', text))]);
  return { exit: 28, stdout: Buffer.alloc(0), stderr, writes: outcome.writes.slice(0, room) };
}

/** The decision is taken again under the lock, on the files as they are then. No await between reading and writing. */
function decideAndWrite(execution: Execution, settings: Settings): Outcome {
  try {
    const decided = runPveum(callOf(execution, settings));
    const outcome = settings.diskFull ? withFullDisk(decided, settings.diskFull === 'halfway' ? 1 : 0) : decided;
    for (const { file, content } of outcome.writes) replaceFile(execution.root, file, content);
    return outcome;
  } finally {
    unlock(execution.root);
  }
}

async function underLock(execution: Execution, settings: Settings, task: string): Promise<Outcome> {
  const { got, notices } = await acquireLock(execution.root, settings.lock);
  const waiting = Buffer.from(`trying to acquire cfs lock '${LOCK_NAME}' ...\n`.repeat(notices));
  if (got) {
    const outcome = decideAndWrite(execution, settings);
    return { ...outcome, stderr: Buffer.concat([waiting, outcome.stderr]) };
  }
  const text = told(task, `cfs-lock '${LOCK_NAME}' error: got lock request timeout\n`);
  return { exit: 17, stdout: Buffer.alloc(0), stderr: Buffer.concat([waiting, Buffer.from(text)]), writes: [] };
}

const LOCALE_WARNING = [
  'perl: warning: Setting locale failed.',
  'perl: warning: Please check that your locale settings:',
  '\tLANGUAGE = (unset),',
  '\tLC_ALL = (unset),',
  '\tLANG = "en_US.UTF-8"',
  '    are supported and installed on your system.',
  'perl: warning: Falling back to the standard locale ("C").',
  '',
].join('\n');

export const pveum: Program = async (execution, settings) => {
  const pause = settings.latencyMs + settings.slowMs;
  if (pause > 0) await delay(pause);
  const first = runPveum(callOf(execution, settings));
  const outcome = first.lockedTask === undefined ? first : await underLock(execution, settings, first.lockedTask);
  logRun(execution.root, { argv: execution.argv, writes: outcome.writes.length > 0, exit: outcome.exit });
  const warning = Buffer.from(settings.localeWarnings ? LOCALE_WARNING : '');
  return { exit: outcome.exit, stdout: outcome.stdout, stderr: Buffer.concat([warning, outcome.stderr]) };
};
