/**
 * Reads the arguments and the environment of every descendant of one process, round after round without a pause, until its
 * input ends; then prints each text that it saw. Linux alone.
 */
import { readdirSync, readFileSync } from 'node:fs';

const root = Number(process.argv[2]);
const descendants = new Set([root]);
const seen = new Set<string>();
let wanted = true;

function sample(): void {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || pid === root) continue;
    // `pid (name) state ppid …`: the name may hold anything, the last parenthesis ends it.
    const parent = Number(read(pid, 'stat').split(') ').at(-1)?.split(' ')[1]);
    if (descendants.has(parent)) descendants.add(pid);
    if (!descendants.has(pid)) continue;
    // Every time: a process has other arguments once it executes another program.
    for (const file of ['cmdline', 'environ']) seen.add(read(pid, file));
  }
}

/** Empty where the process has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function round(): void {
  sample();
  if (wanted) setImmediate(round);
  else process.stdout.write(JSON.stringify([...seen]));
}

process.stdin.resume().on('end', () => {
  wanted = false;
});
round();
process.stderr.write('sampling');
