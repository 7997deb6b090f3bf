import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Refusal } from '../../../contract/refusal';
import { makeProject, type Outcome, type Project } from '../../../demo/project';
import type { Engine } from '../../../engines';
import { type NodeOptions, type SimulatedNode, startNode } from '../../../simulator/node';
import { useEngine } from '../../engines/support';
import { type Entry, renderEnv } from './entries';

export { configOn, readPve, secretsOn } from './pve';

type Act = Project['deploy'];

/** One project with its env file, the nodes that it names, and the engine that deploys it. */
export class World {
  private readonly nodes: SimulatedNode[] = [];

  constructor(
    readonly project: Project,
    private readonly environment: string,
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {}

  /** The file that a deploy writes. */
  get file(): string {
    return this.path('env', this.environment, 'terraform.tfvars');
  }

  path(...parts: readonly string[]): string {
    return join(this.project.folder, ...parts);
  }

  /** Starts a node, or one that goes on with the folder of an earlier one of that name. */
  async startNode(name: string, options: Omit<NodeOptions, 'root'>): Promise<SimulatedNode> {
    const root = this.path('nodes', name);
    mkdirSync(root, { recursive: true });
    const node = await startNode({ root, ...options });
    this.nodes.push(node);
    return node;
  }

  write(entries: readonly Entry[]): void {
    this.project.writeEnv(this.environment, renderEnv(entries, this.project.folder));
  }

  /** Each run forgets what the nodes have seen before, has to succeed, and returns what it printed. */
  deploy(): Promise<string> {
    return this.succeed(this.project.deploy);
  }

  diff(): Promise<string> {
    return this.succeed(this.project.diff);
  }

  destroy(): Promise<string> {
    return this.succeed(this.project.destroy);
  }

  /** A deploy that has to fail. */
  async refusedDeploy(): Promise<string> {
    const { exit, output } = await this.run(this.project.deploy);
    if (exit === 0) throw new Error(`the deploy should have failed:\n${output}`);
    return output;
  }

  private async succeed(act: Act): Promise<string> {
    const { exit, output } = await this.run(act);
    if (exit !== 0) throw new Error(`cdktf ended with ${exit}:\n${output}`);
    return output;
  }

  private run(act: Act): Promise<Outcome> {
    for (const node of this.nodes) node.resetLog();
    return act(this.environment, { environment: this.variables });
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
    this.project.remove();
  }
}

export interface WorldOptions {
  /** Added to the environment of every `cdktf`, given the project's folder. */
  readonly variables?: (folder: string) => Readonly<Record<string, string>>;
  /** Starts the nodes; skipped with the tests where there is no engine. */
  readonly setUp: (world: World) => Promise<void>;
}

/** A world for the tests of one file, on this machine's engine. */
export function useWorld(environment: string, { variables, setUp }: WorldOptions): () => World {
  const engine = useEngine();
  let world: World | undefined;
  beforeAll(async () => {
    const found = engineOrRefusal(engine);
    if (found instanceof Refusal) return;
    const project = makeProject(found, process.env);
    world = new World(project, environment, variables?.(project.folder));
    await setUp(world);
    // A busy machine takes many times what a quiet one does.
  }, 600_000);
  afterAll(() => world?.close());
  return () => {
    if (world === undefined) throw new Error('there is no world without an engine');
    return world;
  };
}

/** `useEngine` has failed already where the lack of an engine is a failure. */
function engineOrRefusal(engine: () => Engine): Engine | Refusal {
  try {
    return engine();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
