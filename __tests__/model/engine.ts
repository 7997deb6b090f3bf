/**
 * A double of Terraform and OpenTofu: it does with the synthesized stacks of this project what the real engines were seen to
 * do, in milliseconds. It knows the three types of block and the few expressions that the constructs write, and refuses any
 * other. The verbs are the real program, on simulated nodes.
 *
 * What it leaves out: providers, locking, `create_before_destroy`, modules, and every text. The order within an apply
 * and, where asked for, the interleaving of commands come from a seed.
 */
import { Apply } from './apply';
import type { Stack } from './blocks';
import { type Inputs, makePlan, refresh } from './plan';
import type { Process } from './process';
import type { State } from './state';

/** How a deploy is ended before its time, at the n-th moment of it. */
export interface Death {
  /** SIGINT; SIGKILL, of the engine, with the state as it was written last, or as it was before this apply. */
  readonly how: 'interrupted' | 'killed' | 'killed, state old';
  readonly moment: number;
}

export interface Options {
  /** Decides the order of what may be done in any order. */
  readonly order: number;
  /** Commands of several verbs in turn, as with `-parallelism=10`; otherwise one verb after the other. */
  readonly parallel: boolean;
  readonly death?: Death;
  /** `destroy` in place of `apply`. */
  readonly destroy?: true;
}

export interface Ran {
  /** `null_resource.nuc_token` */
  readonly address: string;
  readonly verb: string;
  readonly failure?: unknown;
}

export interface Applied {
  readonly state: State;
  readonly ok: boolean;
  readonly died: boolean;
  /** Verbs that were started, and how they ended. */
  readonly ran: readonly Ran[];
  /** What failed, beside verbs. */
  readonly complaints: readonly string[];
}

/** The engine's machine: its disk, and how it starts the program. */
export interface Machine {
  read(path: string): string | undefined;
  write(path: string, content: string): void;
  remove(path: string): void;
  start(verb: string, settings: string): Process;
}

/** One `apply`: plans and does it. A postcondition that fails in the plan stops it before anything is done. */
export async function applyStack(
  stack: Stack,
  before: State,
  machine: Machine,
  inputs: Omit<Inputs, 'disk'>,
  options: Options,
): Promise<Applied> {
  const given: Inputs = { ...inputs, disk: machine };
  const state = refresh(before, given);
  const plan = makePlan(options.destroy ? { ...stack, blocks: [] } : stack, state, given);
  if (plan.complaints.length > 0) {
    return { state: before, ok: false, died: false, ran: [], complaints: plan.complaints };
  }
  const apply = new Apply(stack, state, plan, machine, given, options);
  const applied = await apply.run();
  return options.death?.how === 'killed, state old' && applied.died ? { ...applied, state: before } : applied;
}
