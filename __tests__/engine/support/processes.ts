/** Processes as `/proc` shows them. Linux alone. */
import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of this process's descendants whose command line fits. */
export function descendants(fits: (commandLine: string) => boolean): number[] {
  const parents = new Map(pids().map((pid) => [pid, parentOf(pid)]));
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === process.pid) return true;
    }
    return false;
  };
  return [...parents.keys()].filter((pid) => isOurs(pid) && fits(readProc(pid, 'cmdline').replaceAll('\0', ' ')));
}

export function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** `pid (name) state ppid …`: the name may hold anything, the last parenthesis ends it. */
export function parentOf(pid: number): number {
  return Number(readProc(pid, 'stat').split(') ').at(-1)?.split(' ')[1]);
}

/** Empty where the process has ended meanwhile. */
export function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
