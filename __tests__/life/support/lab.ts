import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Refusal } from '../../../contract/refusal';
import { makeProject, type Outcome, type Project, type RunOptions } from '../../../demo/project';
import type { Engine } from '../../../engines';
import { type NodeOptions, type SimulatedNode, startNode } from '../../../simulator/node';
import { type Entry, renderEnv } from '../../engine/support/entries';
import { useEngine } from '../../engines/support';
import { nodeFiles } from '../../support/verbs';

export interface LabRun extends RunOptions {
  /** @default ['lab'] */
  readonly stacks?: readonly string[];
}

const CDKTF = resolve(__dirname, '../../../node_modules/.bin/cdktf');

/** A project with `env/lab.tfvars`, its nodes, and a real engine: what an operator has. */
export class Lab {
  private readonly nodes = new Map<string, SimulatedNode>();

  constructor(
    readonly project: Project,
    readonly engine: Engine,
  ) {}

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

  write(entries: readonly Entry[], more = ''): void {
    this.project.writeEnv('lab', `${renderEnv(entries, this.project.folder)}${more}`);
  }

  /** Has to succeed. Returns what was printed, with the names that the document uses. */
  async deploy(options: LabRun = {}): Promise<string> {
    return this.good(await this.run('deploy', options));
  }

  async destroy(options: LabRun = {}): Promise<string> {
    return this.good(await this.run('destroy', options));
  }

  /** Has to fail. */
  async refused(verb: 'deploy' | 'destroy', options: LabRun = {}): Promise<string> {
    const { exit, output } = await this.run(verb, options);
    if (exit === 0) throw new Error(`${verb} should have failed:\n${output}`);
    return output;
  }

  async run(verb: 'deploy' | 'destroy', { stacks = ['lab'], ...options }: LabRun = {}): Promise<Outcome> {
    for (const node of this.nodes.values()) node.resetLog();
    const { exit, output } = await this.project.cdktf([verb, ...stacks, ...this.flags()], options);
    return { exit, output: this.inWords(output) };
  }

  /** A command line of the document or of an error, in a shell in the project's folder. Has to succeed. */
  async shell(line: string): Promise<string> {
    const bin = this.path('bin');
    mkdirSync(bin, { recursive: true });
    const program = (name: string, command: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
    // Nobody is there to be asked, and this machine may have no registry.
    program('cdktf', `"${process.execPath}" "${CDKTF}" "$@" ${this.flags().join(' ')}`);
    program('terraform', `"${this.engine.binary}" "$@"`);
    const env = { ...process.env, ...this.engine.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    return this.good(await runShell(line, this.project.folder, env));
  }

  /** The secrets that all nodes know, by token identity. */
  secrets(): Map<string, string> {
    const lines = [...this.nodes.values()].flatMap((node) => nodeFiles(node).token.match(/^\S+ \S+$/gm) ?? []);
    return new Map(lines.map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
  }

  connections(): number {
    return [...this.nodes.values()].reduce((sum, node) => sum + node.connections(), 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.close()));
    this.project.remove();
  }

  private flags(): string[] {
    return ['--auto-approve', ...(this.engine.skipProviderLock ? ['--skip-provider-lock'] : [])];
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
export function useLab(setUp: (lab: Lab) => Promise<void>, engine: () => Engine = useEngine()): () => Lab {
  let lab: Lab | undefined;
  beforeAll(async () => {
    const found = engineOrNone(engine);
    if (found === undefined) return;
    lab = new Lab(makeProject(found, process.env), found);
    await setUp(lab);
  }, 300_000);
  afterAll(() => lab?.close());
  return () => {
    if (lab === undefined) throw new Error('there is no lab without an engine');
    return lab;
  };
}

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
