import { AsyncLocalStorage } from 'node:async_hooks';
import type { Network } from './wire';

/** The process that the code now running belongs to. */
export const current = new AsyncLocalStorage<Process>();

/**
 * One start of the bootstrap program, as the engine's child: it runs in this very process, but only when it is let.
 *
 * It waits at a gate before each command on a node and after it, and is killed by never being let go on: as after SIGKILL,
 * nothing of it runs any more, no `finally` either.
 */
export class Process {
  /** Whether the engine that started it is gone. */
  orphan = false;
  ended = false;
  failure: unknown;
  private goOn: () => void = () => undefined;
  private told: () => void = () => undefined;

  constructor(
    readonly network: Network,
    work: (process: Process) => Promise<void>,
  ) {
    const end = (failure?: unknown) => {
      this.ended = true;
      this.failure = failure;
      this.told();
    };
    current
      .run(this, async () => {
        await this.gate();
        await work(this);
      })
      .then(
        () => end(),
        (error: unknown) => end(error ?? new Error('it failed without a reason')),
      );
  }

  /** Called by the process: waits until it may go on. */
  gate(): Promise<void> {
    return new Promise((resolve) => {
      this.goOn = resolve;
      this.told();
    });
  }

  /** Lets it go on to its next gate, or to its end. */
  step(): Promise<void> {
    return new Promise((resolve) => {
      this.told = resolve;
      this.goOn();
    });
  }

  async finish(): Promise<void> {
    while (!this.ended) await this.step();
  }
}
