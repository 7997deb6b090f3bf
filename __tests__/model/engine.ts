/**
 * A double of Terraform and OpenTofu: it does with the synthesized stacks of this project what the real engines do, in
 * milliseconds. It knows the three types of block and the few expressions that the constructs write, and refuses any other. The
 * verbs are the real program, on simulated nodes. `engine.test.ts` holds it against a real engine.
 *
 * What it leaves out: providers, locking, `create_before_destroy`, modules, and every text. The order within an apply
 * and, where asked for, the interleaving of commands come from a seed.
 */
import { Apply } from './apply';
import type { Stack } from './blocks';
import type { Machine } from './machine';
import { type Inputs, makePlan, refresh, type State } from './plan';

/** How a deploy is ended before its time, at the n-th moment of it. */
export interface Death {
  /**
   * SIGINT; SIGKILL, of the engine. Then the state is as it was written last, and knows nothing of the blocks whose verbs run, or
   * counts them as made; or it is as it was before this apply.
   */
  readonly how: 'interrupted' | 'killed' | 'killed, counted as made' | 'killed, state old';
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

/** The failure of a verb of which nothing more is known. */
export class Untold extends Error {}

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

type Given = Omit<Inputs, 'disk'>;

/** One `apply` of a stack. */
export type ApplyStack = (stack: Stack, before: State, on: Machine, given: Given, how: Options) => Promise<Applied>;

/** Plans and does it. A postcondition that fails in the plan stops it before anything is done. */
export const applyStack: ApplyStack = async (stack, before, machine, given, options) => {
  const inputs = { ...given, disk: machine };
  const state = refresh(before, inputs);
  const plan = makePlan(options.destroy ? { blocks: [] } : stack, state, inputs);
  const { complaints } = plan;
  if (complaints.length > 0) return { state: before, ok: false, died: false, ran: [], complaints };
  const applied = await new Apply(stack, state, plan, machine, inputs, options).run();
  return options.death?.how === 'killed, state old' && applied.died ? { ...applied, state: before } : applied;
};
