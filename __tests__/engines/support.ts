import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { Refusal } from '../../contract/refusal';
import { type Engine, prepareEngine, thisMachine } from '../../engines';

/** The engine of this machine. Without one, tests are skipped by name; under CI they fail. */
export function useEngine(): () => Engine {
  let found: Engine | Refusal;
  beforeAll(async () => {
    found = await prepareEngine({ environment: process.env }).catch(refusalOrThrow);
  }, 900_000);
  beforeEach(({ skip }) => {
    if (found instanceof Refusal) skip(found.what);
  });
  return () => {
    if (found instanceof Refusal) throw found;
    return found;
  };
}

function refusalOrThrow(error: unknown): Refusal {
  if (error instanceof Refusal && !process.env.CI) return error;
  throw error;
}

/** An empty folder for each call, all gone after the file's tests. */
export function useFolders(): () => Promise<string> {
  const made: string[] = [];
  afterAll(async () => {
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engines-test-'));
    made.push(folder);
    return folder;
  };
}

/** A configuration in a folder, and the engine at work on it. Collects all that the engine says. */
export class Stack {
  said = '';

  constructor(
    readonly folder: string,
    private readonly engine: Engine,
  ) {}

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(configuration: object): Promise<void> {
    await writeFile(this.path('main.tf.json'), JSON.stringify({ terraform: REQUIRED, ...configuration }));
    await this.succeed('init', '-no-color', '-input=false');
  }

  async apply(): Promise<void> {
    await this.succeed('apply', '-no-color', '-auto-approve', '-input=false');
  }

  async destroy(): Promise<void> {
    await this.succeed('destroy', '-no-color', '-auto-approve', '-input=false');
  }

  /** What the next apply would do: `['local_file.a', 'create']`, one row a resource that is not left alone. */
  async plan(): Promise<string[][]> {
    await this.succeed('plan', '-no-color', '-input=false', '-out=saved.plan');
    const { resource_changes: changes = [] } = JSON.parse(await this.succeed('show', '-json', 'saved.plan')) as Planned;
    const rows = changes.map(({ address, change }) => [address, change.actions.join(', ')]);
    return rows.filter(([, actions]) => actions !== 'no-op');
  }

  /** The attributes of one resource, as the state has them. */
  async attributes(address: string): Promise<Record<string, unknown>> {
    const state = JSON.parse(await this.succeed('show', '-json')) as Shown;
    const found = state.values?.root_module.resources.find((resource) => resource.address === address);
    if (found === undefined) throw new Error(`not in the state: ${address}`);
    return found.values;
  }

  /** The text of a plan that has to fail. */
  async refusedPlan(): Promise<string> {
    const { code, text } = await this.run('plan', '-no-color', '-input=false');
    if (code === 0) throw new Error(`the plan should have failed:\n${text}`);
    return text.replace(/[│\s]+/g, ' ');
  }

  private async succeed(...args: string[]): Promise<string> {
    const { code, text } = await this.run(...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${text}`);
    return text;
  }

  /** `show -json` is data that holds every secret; the rest is text that people see. */
  private async run(...args: string[]): Promise<{ code: number | undefined; text: string }> {
    const { binary, env } = this.engine;
    const ran = await thisMachine(process.env).run(binary, args, { cwd: this.folder, env: env, seconds: 120 });
    const isData = args[0] === 'show' && ran.code === 0;
    if (!isData) this.said += ran.stdout + ran.stderr;
    return { code: ran.code, text: isData ? ran.stdout : ran.stdout + ran.stderr };
  }
}

const REQUIRED = {
  required_providers: {
    null: { source: 'hashicorp/null', version: '3.2.4' },
    local: { source: 'hashicorp/local', version: '2.6.1' },
  },
};

interface Planned {
  resource_changes?: { address: string; change: { actions: string[] } }[];
}

interface Shown {
  values?: { root_module: { resources: { address: string; values: Record<string, unknown> }[] } };
}
