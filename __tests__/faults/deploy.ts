import type { Bench } from './bench';
import type { Stage } from './operation';
import { type Ending, readHandoff, type Start } from './start';

export interface Deploy {
  /** The stage that failed: the engine starts none after it. */
  readonly failed?: number;
  readonly ending: Ending;
  /** What the state holds afterwards, if `token` ended well. */
  readonly secret?: string;
}

/** Starts the program once a stage, from that stage on, until one fails. */
export async function runStages(
  stages: readonly Stage[],
  bench: Bench,
  run: number,
  startOf: (index: number) => Start,
  from = 0,
): Promise<Deploy> {
  let ending: Ending = { how: 'done', said: '' };
  let secret: string | undefined;
  for (const [index, stage] of stages.entries()) {
    if (index < from) continue;
    const { how, said } = await startOf(index)(stage, bench, run);
    ending = { how, said: `${ending.said}\n${said}` };
    if (how !== 'done') return { failed: index, ending, secret };
    if (stage.verb === 'token') secret = readHandoff(stage, bench, run);
  }
  return { ending, secret };
}

/** The same, by somebody who expects nothing to go wrong. */
export async function mustDeploy(
  stages: readonly Stage[],
  bench: Bench,
  run: number,
  start: Start,
): Promise<string | undefined> {
  const { failed, ending, secret } = await runStages(stages, bench, run, () => start);
  if (failed !== undefined) throw new Error(`${stages[failed]?.verb} failed without any fault: ${ending.said}`);
  return secret;
}
