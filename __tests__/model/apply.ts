import { randomInt } from 'node:crypto';
import type { Stack } from './blocks';
import type { Applied, Machine, Options, Ran } from './engine';
import { type Inputs, type Plan, scopeOf, triggersOf } from './plan';
import type { Process } from './process';
import { pickFrom } from './random';
import { type Instance, type State, withInstance } from './state';
import { readyOf, type Task, tasksOf } from './tasks';
import { evaluate, type Scope } from './template';

interface Running {
  readonly task: Task;
  readonly process: Process;
  readonly verb: string;
  /** What is in the state if it ends well. */
  readonly made?: Instance;
}

/** Ids differ from run to run, as real ones do; nothing may depend on them. */
const newId = () => String(randomInt(2 ** 47));

/** One apply of a plan. */
export class Apply {
  private readonly tasks: readonly Task[];
  private readonly running = new Set<Running>();
  private readonly ran: Ran[] = [];
  private readonly complaints: string[] = [];

  constructor(
    private readonly stack: Stack,
    private state: State,
    plan: Plan,
    private readonly machine: Machine,
    private readonly inputs: Inputs,
    private readonly options: Options,
  ) {
    this.tasks = tasksOf(plan, state);
  }

  async run(): Promise<Applied> {
    const pick = pickFrom(this.options.order);
    for (let moment = 1; ; moment += 1) {
      const ready = this.running.size > 0 && !this.options.parallel ? [] : readyOf(this.tasks);
      const choice = pick<Task | Running>([...ready, ...this.running]);
      if (choice === undefined) return this.end();
      if (this.options.death?.moment === moment) return this.die();
      if ('kind' in choice) this.start(choice);
      else await this.goOn(choice);
    }
  }

  private start(task: Task): void {
    task.outcome = 'running';
    if (task.kind === 'destroy') this.destroy(task);
    else this.make(task);
  }

  private destroy(task: Task): void {
    const { address, block } = task.change;
    const instance = this.state.instances.get(address);
    const revocation = this.stack.blocks.find(({ provisioner }) => provisioner?.when === 'destroy')?.provisioner;
    if (block === undefined && instance?.input !== undefined && revocation !== undefined) {
      const settings = evaluate(revocation.settings, this.scope(instance));
      this.launch(task, revocation.verb, String(settings));
      return;
    }
    if (instance?.filename !== undefined) this.machine.remove(instance.filename);
    this.state = withInstance(this.state, address, undefined);
    task.outcome = 'done';
  }

  private make(task: Task): void {
    const { address, block } = task.change;
    if (block === undefined) throw new Error('what is made stands in the configuration');
    const made = this.instanceOf(task);
    const { provisioner, postcondition } = block;
    if (provisioner?.when === 'create') {
      const settings = evaluate(provisioner.settings, this.scope(made));
      this.launch(task, provisioner.verb, String(settings), made);
      return;
    }
    if (made.filename !== undefined) this.machine.write(made.filename, made.content ?? '');
    this.state = withInstance(this.state, address, made);
    const broken = postcondition !== undefined && !postcondition.pattern.test(made.triggers.value ?? '');
    if (broken) this.complaints.push(postcondition.message);
    task.outcome = broken ? 'failed' : 'done';
  }

  private instanceOf({ change: { address, action, block } }: Task): Instance {
    if (block === undefined) throw new Error('only what stands in the configuration is made');
    const scope = this.scope();
    const key = /\["(.*)"\]$/.exec(address)?.[1];
    const id = action === 'update' ? this.state.instances.get(address)?.id : undefined;
    return {
      id: id ?? newId(),
      triggers: Object.fromEntries(Object.entries(triggersOf(block, scope)).map(([k, v]) => [k, String(v)])),
      ...(key === undefined ? {} : { input: block.inputs[key] }),
      ...(block.filename === '' ? {} : { filename: block.filename, content: String(evaluate(block.content, scope)) }),
      tainted: false,
      needs: block.needs,
    };
  }

  private launch(task: Task, verb: string, settings: string, made?: Instance): void {
    this.running.add({ task, verb, made, process: this.machine.start(verb, settings) });
  }

  private async goOn(run: Running): Promise<void> {
    await run.process.step();
    if (run.process.ended) this.settle(run);
  }

  private settle(run: Running): void {
    const { task, process, verb, made } = run;
    const { address } = task.change;
    const failed = process.failure !== undefined;
    this.running.delete(run);
    this.ran.push({ address, verb, ...(failed ? { failure: process.failure } : {}) });
    task.outcome = failed ? 'failed' : 'done';
    if (task.kind === 'make' && made) this.state = withInstance(this.state, address, { ...made, tainted: failed });
    // A destroy provisioner that fails leaves the instance where it is: the next apply tries again.
    else if (!failed) this.state = withInstance(this.state, address, undefined);
  }

  /** Interrupted: the children are killed at once. Killed: they are left alone, and the state does not hear of them. */
  private async die(): Promise<Applied> {
    for (const { task, made, verb, process } of this.running) {
      this.ran.push({ address: task.change.address, verb, failure: new Error('the engine died') });
      if (this.options.death?.how === 'interrupted') {
        if (made) this.state = withInstance(this.state, task.change.address, { ...made, tainted: true });
      } else {
        process.orphan = true;
        await process.finish();
      }
    }
    return { state: this.state, ok: false, died: true, ran: this.ran, complaints: this.complaints };
  }

  private end(): Applied {
    const ok = this.tasks.every(({ outcome }) => outcome === 'done');
    if (this.options.destroy) return { state: this.state, ok, died: false, ran: this.ran, complaints: [] };
    const outputs = ok
      ? Object.entries(this.stack.outputs).map(([name, template]) => [name, evaluate(template, this.scope())])
      : Object.entries(this.state.outputs);
    const state = { ...this.state, outputs: Object.fromEntries(outputs) };
    return { state, ok, died: false, ran: this.ran, complaints: this.complaints };
  }

  private scope(self?: Instance): Scope {
    return scopeOf(this.inputs, (address) => this.state.instances.get(address), self);
  }
}
