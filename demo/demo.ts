import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { verifyToken } from '../bootstrap/verify';
import { type Release, type SimulatedNode, startNode } from '../simulator/node';
import type { Outcome, Project, Verb } from './project';

/** A step that did not do what it promises. */
export class DemoFailed extends Error {}

interface Cluster {
  readonly name: string;
  readonly node: SimulatedNode;
  readonly identity: string;
  /** The lines of `bootstrap` that say what the token may do. */
  readonly access: string;
}

const ENVIRONMENT = 'demo';
/** A real `pveum` takes 0.25 to 0.5 s to start. */
const LATENCY_MS = 250;

/** The two clusters of the guide, on two simulated nodes of different releases, through one life. */
export class Demo {
  private readonly clusters: Cluster[] = [];

  constructor(
    private readonly project: Project,
    private readonly print: (line: string) => void,
    private readonly signal: AbortSignal,
  ) {}

  async play(): Promise<void> {
    await this.step('Start two simulated Proxmox VE nodes', () => this.startNodes());
    const before = this.clusters.map(configOf);
    await this.step('Write the env file: no secret in it', () => this.writeEnv());
    await this.step('cdktf deploy: user, role, ACL and token on each node, over SSH', () => this.deploy());
    await this.step('Look at the file that was written', () => this.showFile());
    await this.step("Try each token against its node's API", () => this.tryTokens());
    await this.step('cdktf deploy again: nothing to do', () => this.deployAgain());
    await this.step('cdktf destroy: every token is removed', () => this.destroy(before));
    this.print('\nAll steps did what they promise.');
  }

  async close(): Promise<void> {
    await Promise.all(this.clusters.map(({ node }) => node.close()));
  }

  private async step(title: string, act: () => Promise<void> | void): Promise<void> {
    if (this.signal.aborted) throw new DemoFailed('interrupted');
    this.print(`\n== ${title}`);
    await act();
  }

  private async startNodes(): Promise<void> {
    await this.startNode('host3', '8.4', 'root@pam!terraform2', '');
    const access = '      role     = "opentofu-role"\n      preset   = "opentofu"\n';
    await this.startNode('nuc', '9.1', 'opentofu@pve!opentofu-token', access);
  }

  private async startNode(name: string, release: Release, identity: string, access: string): Promise<void> {
    const root = join(this.project.folder, 'nodes', name);
    mkdirSync(root, { recursive: true });
    const node = await startNode({ release, root, latencyMs: LATENCY_MS });
    this.clusters.push({ name, node, identity, access });
    this.print(`${name}: release ${release}, SSH on port ${node.ssh.port}, API on port ${node.api.port}`);
  }

  private writeEnv(): void {
    const entries = this.clusters.map((cluster) => renderEntry(cluster, this.project.folder));
    const text = `proxmox = {\n${entries.join('')}}\n`;
    this.project.writeEnv(ENVIRONMENT, text);
    this.print(`env/${ENVIRONMENT}.tfvars:`);
    this.print(indent(text));
  }

  private async deploy(): Promise<void> {
    const outcome = await this.run('deploy');
    this.expect(outcome.exit === 0, 'the deploy to succeed', outcome);
    for (const line of provisionerLines(outcome.output)) this.print(`  ${line}`);
    const used = this.clusters.map(({ name, node }) => `${name}: ${node.connections()} SSH connections`);
    this.print(`  ${used.join(', ')}`);
  }

  private showFile(): void {
    const mode = (statSync(this.file()).mode & 0o777).toString(8);
    this.print(`${relative(this.project.folder, this.file())}, mode 0${mode}:`);
    this.print(
      indent(readFileSync(this.file(), 'utf8').replace(/[0-9a-f-]{36}/g, '********-****-****-****-************')),
    );
    this.expect(mode === '600', 'mode 0600');
  }

  private async tryTokens(): Promise<void> {
    const text = readFileSync(this.file(), 'utf8');
    for (const { identity, node } of this.clusters) {
      const secret = text.match(new RegExp(`${identity}=([0-9a-f-]{36})`))?.[1];
      this.expect(secret !== undefined, `a secret for ${identity} in the file`);
      const api = { endpoint: node.api.url, insecure: false, ca: readFileSync(node.api.caFile, 'utf8') };
      await verifyToken(api, secret ?? '', { identity, paths: ['/'], privileges: ['VM.Allocate', 'VM.Audit'] });
      this.print(`  ${identity}: accepted, may allocate VMs`);
    }
  }

  private async deployAgain(): Promise<void> {
    const file = readFileSync(this.file(), 'utf8');
    for (const { node } of this.clusters) node.resetLog();
    const outcome = await this.run('deploy');
    const untouched = this.clusters.every(({ node }) => node.connections() === 0);
    this.expect(
      outcome.exit === 0 && /No changes\./.test(stripVTControlCharacters(outcome.output)),
      'no changes',
      outcome,
    );
    this.expect(untouched, 'no SSH connection', outcome);
    this.expect(readFileSync(this.file(), 'utf8') === file, 'the same file');
    this.print('  no changes, no SSH connection, the same file');
  }

  private async destroy(before: readonly string[]): Promise<void> {
    const outcome = await this.run('destroy');
    this.expect(outcome.exit === 0, 'the destroy to succeed', outcome);
    for (const line of provisionerLines(outcome.output)) this.print(`  ${line}`);
    for (const [index, cluster] of this.clusters.entries()) {
      this.expect(configOf(cluster) === before[index], `${cluster.name} to be as it was before`, outcome);
      this.print(`  ${cluster.name}: user.cfg and token.cfg are as they were`);
    }
  }

  private file(): string {
    return join(this.project.folder, 'env', ENVIRONMENT, 'terraform.tfvars');
  }

  private run(verb: Verb): Promise<Outcome> {
    return this.project.run(verb, [ENVIRONMENT], { signal: this.signal });
  }

  private expect(held: boolean, promise: string, outcome?: Outcome): void {
    if (held) return;
    const output = outcome === undefined ? '' : `\n${stripVTControlCharacters(outcome.output)}`;
    throw new DemoFailed(`Expected ${promise}; it was not so.${output}`);
  }
}

function renderEntry({ name, node, identity, access }: Cluster, folder: string): string {
  const { port, hostKey } = node.ssh;
  const key = relative(folder, node.privateKeyFile);
  return `  ${name} = {
    endpoint  = "${node.api.url}"
    insecure  = false
    username  = "root"
    api_token = "${identity}"
    bootstrap = {
${access}      ca_file  = "${relative(folder, node.api.caFile)}"
      ssh      = { host = "127.0.0.1", jump = "none", port = ${port}, identity_file = "${key}", host_key = "${hostKey}" }
    }
  }
`;
}

/** What the node holds, as it stands in its files. */
function configOf({ node }: Cluster): string {
  const read = (file: string) => readFileSync(join(node.root, 'etc/pve', file), { encoding: 'utf8', flag: 'a+' });
  return `${read('user.cfg').trim()}\n${read('priv/token.cfg').trim()}`;
}

/** What the bootstrap program said, out of all that the engine prints. */
function provisionerLines(output: string): string[] {
  const found = stripVTControlCharacters(output).matchAll(
    /(?:null_resource|terraform_data)\.(\S+) \(local-exec\): (?!Executing)(.+)/g,
  );
  return [...found].map(([, block, line]) => `${block}: ${line?.trim()}`);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ').trimEnd();
}
