import type { Network } from './wire';

/**
 * One start of the bootstrap program, as the engine's child: it runs in this very process, but only when it is let.
 *
 * It waits at a gate before each command on a node and after it, and is killed by never being let go on: as after SIGKILL,
 * nothing of it runs any more, no `finally` either. Its connection is lost with it, and the node's end sees that.
 */
export class Process {
  /** Whether the engine that started it is gone. */
  orphan = false;
  /** Whether it has sent a change. */
  began = false;
  ended = false;
  failure: unknown;
  /** It waits until another process lets go of a node. */
  waits = false;
  private readonly life = new AbortController();
  private goOn = () => {};
  private told = () => {};

  constructor(
    readonly network: Network,
    readonly verb: string,
    work: (process: Process) => Promise<void>,
  ) {
    const start = async () => {
      await this.gate();
      if (this.death.aborted) await new Promise(() => undefined);
      await work(this);
    };
    const end = (failure?: unknown) => {
      this.ended = true;
      this.failure = failure;
      this.told();
    };
    start().then(
      () => end(),
      (error: unknown) => end(error ?? new Error('it failed without a reason')),
    );
  }

  get death(): AbortSignal {
    return this.life.signal;
  }

  /** Called by the process, or by the node's end for it: waits until it may go on, or is killed. */
  gate(): Promise<void> {
    this.waits = false;
    return new Promise((resolve) => {
      this.goOn = resolve;
      this.told();
    });
  }

  /** Called by the process: it goes on when another one ends. */
  wait(): void {
    this.waits = true;
    this.told();
  }

  /** Lets it go on to its next gate, or to its end. */
  step(): Promise<void> {
    return new Promise((resolve) => {
      this.told = resolve;
      this.goOn();
    });
  }

  kill(): void {
    this.life.abort();
    this.goOn();
  }
}
