import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeProject, type Project } from '../demo/project';
import type { SimulatedNode } from '../simulator/node';
import { floorOf } from './floor';
import type { Bench } from './measure';
import { type Timed, timed } from './timed';

export const ENVIRONMENT = 'bench';
export const ROLE = 'opentofu-role';

/** A project of this app, and the engine on its stack without `cdktf` between. */
export class Stack {
  private readonly env: NodeJS.ProcessEnv;

  private constructor(
    readonly project: Project,
    private readonly bench: Bench,
  ) {
    this.env = { ...bench.environment, ...bench.engine.env };
  }

  /** Has to be removed in the end. */
  static async with<T>(bench: Bench, act: (stack: Stack) => Promise<T>): Promise<T> {
    const project = makeProject(bench.engine, bench.environment);
    try {
      return await act(new Stack(project, bench));
    } finally {
      project.remove();
    }
  }

  /** So many clusters that nobody will ever connect to. */
  writeClusters(count: number): void {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const entries = names.map((name) => renderEntry(name, `https://${name}.example.net:8006`, []));
    this.project.writeEnv(ENVIRONMENT, `proxmox = {\n${entries.join('')}}\n`);
  }

  writeNodes(nodes: readonly SimulatedNode[]): void {
    const { folder } = this.project;
    const entries = nodes.map(({ api, ssh, privateKeyFile }, index) =>
      renderEntry(`c${index}`, api.url, [
        `ca_file = "${relative(folder, api.caFile)}"`,
        `ssh = { host = "${ssh.host}", port = ${ssh.port}, identity_file = "${relative(folder, privateKeyFile)}", host_key = "${ssh.hostKey}" }`,
      ]),
    );
    this.project.writeEnv(ENVIRONMENT, `proxmox = {\n${entries.join('')}}\n`);
  }

  /** As `cdktf` runs the app. */
  synth(): Promise<Timed> {
    const args = ['--import', 'tsx', 'main.ts'];
    return timed({ program: this.bench.node, args, cwd: this.project.folder, env: this.env });
  }

  /** The folder that was synthesized, initialised. */
  async folder(): Promise<string> {
    return this.initialised(join(this.project.folder, 'cdktf.out', 'stacks', ENVIRONMENT));
  }

  /** The same graph with `true` in the place of the program, in a folder and with a state of its own. */
  async floor(): Promise<string> {
    const json = readFileSync(join(this.project.folder, 'cdktf.out/stacks', ENVIRONMENT, 'cdk.tf.json'), 'utf8');
    return this.initialised(this.written('floor', floorOf(JSON.parse(json))));
  }

  /** So many blocks that know nothing of each other. */
  async plain(count: number): Promise<string> {
    const blocks = Object.fromEntries(Array.from({ length: count }, (_, index) => [`b${index}`, {}]));
    return this.initialised(this.written('plain', { resource: { null_resource: blocks } }));
  }

  run(verb: 'plan' | 'apply' | 'destroy', cwd: string): Promise<Timed> {
    const args = [verb, '-input=false', '-no-color', ...(verb === 'plan' ? [] : ['-auto-approve'])];
    return timed({ program: this.bench.engine.binary, args, cwd, env: this.env });
  }

  /** The next apply finds nothing made. */
  forgetStates(): void {
    for (const name of ['.', 'floor']) {
      const folder = join(this.project.folder, name);
      for (const file of ['', '.backup'])
        rmSync(join(folder, `terraform.${ENVIRONMENT}.tfstate${file}`), { force: true });
      rmSync(join(folder, 'env', ENVIRONMENT), { recursive: true, force: true });
    }
  }

  async cdktf(verb: 'synth' | 'deploy'): Promise<number> {
    const began = performance.now();
    const { exit, output } =
      verb === 'synth' ? await this.project.cdktf(['synth']) : await this.project.run(verb, [ENVIRONMENT]);
    if (exit !== 0) throw new Error(`cdktf ${verb} ended with ${exit}:\n${output}`);
    return (performance.now() - began) / 1000;
  }

  /** As deep as the real one: its paths lead up three folders. */
  private written(name: string, json: unknown): string {
    const folder = join(this.project.folder, name, 'out', 'stacks', ENVIRONMENT);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
    return folder;
  }

  private async initialised(cwd: string): Promise<string> {
    await timed({ program: this.bench.engine.binary, args: ['init', '-input=false'], cwd, env: this.env });
    return cwd;
  }
}

function renderEntry(name: string, endpoint: string, more: readonly string[]): string {
  const bootstrap = [`role = "${ROLE}"`, 'preset = "opentofu"', ...more];
  return `  ${name} = {
    name      = "${name}"
    endpoint  = "${endpoint}"
    insecure  = false
    username  = "root"
    api_token = "opentofu@pve!opentofu-token"
    bootstrap = {
${bootstrap.map((line) => `      ${line}\n`).join('')}    }
  }
`;
}
