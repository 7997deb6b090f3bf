/**
 * Reads the arguments and the environment of every descendant of one process, round after round without a pause, until its
 * input ends; then prints each text that it saw.
 */
import { parentOf, pids, readProc } from './processes';

const root = Number(process.argv[2]);
const descendants = new Set([root]);
const seen = new Set<string>();
let wanted = true;

function sample(): void {
  for (const pid of pids()) {
    if (pid === process.pid || pid === root) continue;
    if (descendants.has(parentOf(pid))) descendants.add(pid);
    if (!descendants.has(pid)) continue;
    // Every time: a process has other arguments once it executes another program.
    for (const file of ['cmdline', 'environ']) seen.add(readProc(pid, file));
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
