import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type Bench, restore } from './bench';
import { type Program, startChild } from './child';
import { mustDeploy } from './deploy';
import { checkEnd } from './ends';
import { atCommand, commandsThat, isTurn, type Kind } from './kinds';
import type { LocalPlan } from './local';
import type { Reference } from './reference';
import type { Start } from './start';

/** After one step is before the next, so each signal takes one of the moments. */
const DEATHS = [
  { signal: 'SIGINT', moment: 'before' },
  { signal: 'SIGKILL', moment: 'after' },
] as const;

/** The process dies while its k-th command is under way: before it runs, or when it took effect and nobody has heard. */
const killedAtCommand = (program: Program, { signal, moment }: (typeof DEATHS)[number]): Kind => ({
  name: `${signal} ${moment} command`,
  places: commandsThat(isTurn),
  arm: (_, k) => {
    let child: ChildProcess | undefined;
    const start = startChild(program, undefined, (spawned) => {
      child = spawned;
    });
    const die = async () => {
      if (child === undefined) throw new Error('a command without a process');
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      return 'cut' as const;
    };
    return { start, ...atCommand(k, isTurn, moment, die) };
  },
});

/** The same at the k-th thing that it does to files of this machine, or the disk is full from there on. */
const atLocalStep = (program: Program, name: string, plan: (k: number, log: string) => LocalPlan): Kind => ({
  name,
  places: ({ local }, stage) => local[stage] ?? [],
  arm: (bench, k) => {
    const log = logOf(program, bench);
    return { start: startChild(program, plan(k, log)), struck: () => stepsIn(log).length >= k };
  },
});

function logOf(program: Program, { node }: Bench): string {
  const log = program.log(`${node.ssh.port}.log`);
  rmSync(log, { force: true });
  return log;
}

const stepsIn = (log: string): string[] =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];

export const kindsOfChild = (program: Program): readonly Kind[] => [
  ...DEATHS.map((death) => killedAtCommand(program, death)),
  ...DEATHS.map(({ signal, moment }) =>
    atLocalStep(program, `${signal} ${moment} local step`, (k, log) => ({ log, k, fault: 'die', moment, signal })),
  ),
  atLocalStep(program, 'disk full from local step', (k, log) => ({ log, k, fault: 'full' })),
];

/** The reference with what the real program does to files, stage by stage. */
export async function withLocalSteps(reference: Reference, bench: Bench, program: Program): Promise<Reference> {
  const local: string[][] = [];
  const counting: Start = async (...given) => {
    const log = logOf(program, bench);
    const ending = await startChild(program, { log })(...given);
    local.push(stepsIn(log));
    return ending;
  };
  restore(bench, reference.start);
  const secret = await mustDeploy(reference.stages, bench, 1, counting);
  const complaints = checkEnd(reference, bench, secret);
  if (complaints.length > 0) throw new Error(`the program in a process of its own: ${complaints.join('; ')}`);
  return { ...reference, local };
}
