import { randomInt } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { complaintOf, type Run, type Stack } from './blocks';
import type { Applied, Death, Options, Ran } from './engine';
import type { Machine } from './machine';
import { type Inputs, type Instance, type Plan, type State, scopeOf, triggersOf } from './plan';
import type { Process } from './process';
import { readyOf, type Task, tasksOf } from './tasks';
import { evaluate } from './template';

interface Running {
  readonly task: Task;
  readonly process: Process;
  /** What is in the state if it ends well. */
  readonly made?: Instance;
}

/** One apply of a plan. */
export class Apply {
  private readonly tasks: readonly Task[];
  private readonly running = new Set<Running>();
  private readonly ran: Ran[] = [];
  private readonly complaints: string[] = [];
  private readonly instances: Map<string, Instance>;

  constructor(
    private readonly stack: Stack,
    private readonly before: State,
    plan: Plan,
    private readonly machine: Machine,
    private readonly inputs: Inputs,
    private readonly options: Options,
  ) {
    this.tasks = tasksOf(plan, before);
    this.instances = new Map(before.instances);
  }

  async run(): Promise<Applied> {
    const { order, parallel, death } = this.options;
    for (let moment = 1; ; moment += 1) {
      const ready = this.running.size > 0 && !parallel ? [] : readyOf(this.tasks);
      const choices = [...ready, ...[...this.running].filter(({ process }) => !process.waits)];
      // Order 0 is the first of them each time, any other a throw of dice that falls the same way again.
      const choice = choices[(order === 0 ? 0 : Math.imul(order + 100 * moment, 0x9e3779b1) >>> 16) % choices.length];
      if (choice === undefined) return this.end();
      if (death?.moment === moment) return this.die(death.how);
      if ('process' in choice) await this.goOn(choice);
      else if (choice.kind === 'destroy') this.destroy(choice);
      else this.make(choice);
    }
  }

  private destroy(task: Task): void {
    const { address, action } = task.change;
    const instance = this.instances.get(address);
    const revocation = this.stack.blocks.find(({ run }) => run?.when === 'destroy')?.run;
    if (action === 'delete' && instance?.input !== undefined && revocation) {
      this.launch(task, revocation, instance);
      return;
    }
    if (instance?.filename !== undefined) this.machine.remove(instance.filename);
    this.instances.delete(address);
    task.outcome = 'done';
  }

  private make(task: Task): void {
    const { address, block } = task.change;
    const made = this.instanceOf(task);
    if (block?.run?.when === 'create') {
      this.launch(task, block.run, made, made);
      return;
    }
    if (made.filename !== undefined) this.machine.write(made.filename, made.content ?? '');
    this.instances.set(address, made);
    const complaint = block && complaintOf(block, made.triggers.value);
    if (complaint !== undefined) this.complaints.push(complaint);
    task.outcome = complaint === undefined ? 'done' : 'failed';
  }

  private instanceOf({ change: { address, action, block } }: Task): Instance {
    if (block === undefined) throw new Error('only what stands in the configuration is made');
    const { filename, content = '' } = block.body;
    const scope = this.scope();
    const file = filename === undefined ? undefined : { filename, content: String(evaluate(content, scope)) };
    const key = /\["(.*)"\]$/.exec(address)?.[1];
    const id = action === 'update' ? this.instances.get(address)?.id : file?.content;
    return {
      // Other ids differ from run to run, as real ones do; nothing may depend on them.
      id: id ?? String(randomInt(2 ** 47)),
      triggers: Object.fromEntries(Object.entries(triggersOf(block, scope)).map(([k, v]) => [k, String(v)])),
      ...(key === undefined ? {} : { input: block.inputs?.[key] }),
      ...file,
      tainted: false,
      needs: block.needs,
    };
  }

  private launch(task: Task, { verb, settings, receipt }: Run, self: Instance, made?: Instance): void {
    const told = (template: string) => String(evaluate(template, this.scope(self)));
    if (made && receipt !== undefined && this.machine.take(told(receipt))) {
      this.ran.push({ address: task.change.address, verb });
      this.instances.set(task.change.address, made);
      task.outcome = 'done';
      return;
    }
    task.outcome = 'running';
    this.running.add({ task, made, process: this.machine.start(verb, told(settings)) });
  }

  private async goOn(run: Running): Promise<void> {
    const { task, process, made } = run;
    const { address } = task.change;
    await process.step();
    // What waited for its node comes to a gate.
    await turn();
    if (!process.ended) return;
    const { verb, failure } = process;
    const failed = failure !== undefined;
    this.running.delete(run);
    this.ran.push({ address, verb, ...(failed ? { failure } : {}) });
    task.outcome = failed ? 'failed' : 'done';
    // A destroy provisioner that fails leaves the instance where it is: the next apply tries again.
    if (made) this.instances.set(address, { ...made, tainted: failed });
    else if (!failed) this.instances.delete(address);
  }

  /** Interrupted: the children are killed at once. Killed: they are left alone, and the state may count their blocks as made. */
  private async die(how: Death['how']): Promise<Applied> {
    const interrupted = how === 'interrupted';
    const left = [...this.running];
    for (const { task, made, process } of left) {
      const { address } = task.change;
      this.ran.push({ address, verb: process.verb, failure: new Error('the engine died') });
      if (!interrupted) process.orphan = true;
      else process.kill();
      const isCounted = interrupted || how === 'killed, counted as made';
      if (isCounted && made) this.instances.set(address, { ...made, tainted: interrupted });
    }
    while (!interrupted && left.some(({ process }) => !process.ended)) {
      await left.find(({ process }) => !process.ended && !process.waits)?.process.step();
      await turn();
    }
    return this.applied({ ok: false, died: true });
  }

  private end(): Applied {
    const ok = this.tasks.every(({ outcome }) => outcome === 'done');
    const outputs = ok && !this.options.destroy ? Object.entries(this.stack.json.output ?? {}) : [];
    const values = outputs.map(([name, { value }]) => [name, evaluate(value, this.scope())]);
    return this.applied({ ok, died: false }, ok ? Object.fromEntries(values) : undefined);
  }

  private applied(end: { readonly ok: boolean; readonly died: boolean }, outputs = this.before.outputs): Applied {
    return { ...end, state: { instances: this.instances, outputs }, ran: this.ran, complaints: this.complaints };
  }

  private scope(self?: Instance) {
    return scopeOf(this.inputs, (address) => this.instances.get(address), self);
  }
}
