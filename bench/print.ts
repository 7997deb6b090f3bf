/** Takes one line for whoever waits. */
export type Print = (line: string) => void;

export function printRun(print: Print, run: number, runs: number, ours = Number.NaN, other = Number.NaN): void {
  print(`  run ${run + 1} of ${runs}: ${ours.toFixed(3)} s against ${other.toFixed(3)} s`);
}
