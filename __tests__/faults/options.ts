import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Operation } from './operation';

export interface Options {
  /** The operations to run. */
  readonly chosen: readonly Operation[];
  /** Processes that run them. */
  readonly workers: number;
}

/** `--only NAME` (part of a name), `--shard 1/3`, `--workers 4`. */
export function readOptions(args: readonly string[], operations: readonly Operation[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...args], options: { only: text, shard: text, workers: text } });
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(values.shard ?? '1/1') ?? [];
  if (index === undefined) throw new RangeError(`--shard is 1/3, 2/3 or 3/3, got: ${values.shard}`);
  const named = operations.filter(({ name }) => name.includes(values.only ?? ''));
  const chosen = named.filter((_, place) => place % Number(of) === Number(index) - 1);
  if (chosen.length === 0) throw new RangeError('no operation has such a name, or is left for this shard');
  return { chosen, workers: Math.min(chosen.length, Number(values.workers ?? availableParallelism())) };
}
