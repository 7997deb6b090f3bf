import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { Refusal } from '../../../contract/refusal';
import { CDKTF, makeProject, type Outcome, type Project, type RunOptions, type Verb } from '../../../demo/project';
import type { Engine } from '../../../engines';
import { type NodeOptions, type SimulatedNode, startNode } from '../../../simulator/node';
import { useEngine } from '../../engines/support';
import { type Entry, renderEnv } from './entries';
import { secretsOn } from './pve';

export interface LabRun extends RunOptions {
  /** @default ['lab'] */
  readonly stacks?: readonly string[];
}

export interface LabOptions {
  /** Added to the environment of every `cdktf`, given the project's folder. */
  readonly variables?: (folder: string) => Readonly<Record<string, string>>;
  /** @default - this machine's */
  readonly engine?: () => Engine;
}

/** As a state holds it. */
const SECRET = /(=|"value": ")[0-9a-f]{8}-/;

/** A project with `env/lab.tfvars`, its nodes, and a real engine: what an operator has. */
export class Lab {
  private readonly nodes = new Map<string, SimulatedNode>();
  private readonly variables: Readonly<Record<string, string>>;

  constructor(
    readonly project: Project,
    readonly engine: Engine,
    variables: NonNullable<LabOptions['variables']> = () => ({}),
  ) {
    this.variables = variables(project.folder);
  }

  /** The file that a deploy writes. */
  get file(): string {
    return this.path('env/lab/terraform.tfvars');
  }

  path(...parts: readonly string[]): string {
    return join(this.project.folder, ...parts);
  }

  /** A node of that name; one that is started again goes on with its folder. */
  async startNode(name: string, options: Omit<NodeOptions, 'root'> = { release: '9.1' }): Promise<SimulatedNode> {
    const root = this.path('nodes', name);
    mkdirSync(root, { recursive: true });
    const node = await startNode({ root, ...options });
    this.nodes.set(name, node);
    return node;
  }

  write(entries: readonly Entry[], more = '', environment = 'lab'): void {
    this.project.writeEnv(environment, `${renderEnv(entries, this.project.folder)}${more}`);
  }

  /** Has to succeed. Returns what was printed, with the names that the document uses. */
  async deploy(options: LabRun = {}): Promise<string> {
    return this.good(await this.run('deploy', options));
  }

  async destroy(options: LabRun = {}): Promise<string> {
    return this.good(await this.run('destroy', options));
  }

  async diff(): Promise<string> {
    return this.good(await this.run('diff'));
  }

  /** Has to fail. */
  async refused(verb: Verb, options: LabRun = {}): Promise<string> {
    const { exit, output } = await this.run(verb, options);
    if (exit === 0) throw new Error(`${verb} should have failed:\n${output}`);
    return output;
  }

  /** Nodes forget what they have seen before it. Whatever it does, it leaves no secret in a state that others can read. */
  async run(verb: Verb, { stacks = ['lab'], environment = {}, ...options }: LabRun = {}): Promise<Outcome> {
    for (const node of this.nodes.values()) node.resetLog();
    const all = { ...options, environment: { ...this.variables, ...environment } };
    const { exit, output } = await this.project.run(verb, stacks, all);
    expect(this.openStates(), 'secrets that others can read').toEqual([]);
    return { exit, output: this.inWords(output) };
  }

  /** A command line of the document or of an error, in a shell in the project's folder. Has to succeed. */
  async shell(line: string): Promise<string> {
    const bin = this.path('bin');
    mkdirSync(bin, { recursive: true });
    const program = (name: string, command: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
    // Nobody is there to be asked, and this machine may have no registry.
    const flags = ['--auto-approve', ...(this.engine.skipProviderLock ? ['--skip-provider-lock'] : [])];
    program('cdktf', `"${process.execPath}" "${CDKTF}" "$@" ${flags.join(' ')}`);
    program('terraform', `"${this.engine.binary}" "$@"`);
    const env = { ...process.env, ...this.engine.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    return this.good(await runShell(line, this.project.folder, env));
  }

  /** The secrets that all nodes know, by token identity. */
  secrets(): Map<string, string> {
    return new Map([...this.nodes.values()].flatMap((node) => [...secretsOn(node)]));
  }

  connections(): number {
    return [...this.nodes.values()].reduce((sum, node) => sum + node.connections(), 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.close()));
    this.project.remove();
  }

  private openStates(): string[] {
    const names = readdirSync(this.project.folder).filter((name) => /^[^.].*\.tfstate/.test(name));
    const isOpen = (name: string) => (statSync(this.path(name)).mode & 0o077) !== 0;
    return names.filter((name) => isOpen(name) && SECRET.test(readFileSync(this.path(name), 'utf8')));
  }

  private good({ exit, output }: Outcome): string {
    if (exit !== 0) throw new Error(`ended with ${exit}:\n${output}`);
    return output;
  }

  private inWords(output: string): string {
    let text = output;
    for (const [name, { api }] of this.nodes) text = text.replaceAll(api.url, `https://${name}.example.net:8006`);
    return text;
  }
}

/** A lab for the tests of one file. Without an engine they are skipped by name. */
export function useLab(setUp: (lab: Lab) => Promise<void>, options: LabOptions = {}): () => Lab {
  const engine = options.engine ?? useEngine();
  let lab: Lab | undefined;
  beforeAll(async () => {
    const found = engineOrNone(engine);
    if (found === undefined) return;
    lab = new Lab(makeProject(found, process.env), found, options.variables);
    await setUp(lab);
    // A busy machine takes many times what a quiet one does.
  }, 600_000);
  afterAll(() => lab?.close());
  return () => {
    if (lab === undefined) throw new Error('there is no lab without an engine');
    return lab;
  };
}

/** `useEngine` has failed already where the lack of an engine is a failure. */
function engineOrNone(engine: () => Engine): Engine | undefined {
  try {
    return engine();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function runShell(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((done, failed) => {
    const child = spawn('/bin/sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', failed);
    child.on('close', (exit) => done({ exit: exit ?? 1, output }));
  });
}
