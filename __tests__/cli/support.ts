import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context, Terminal } from '../../cli/context';
import { runCli } from '../../cli/program';
import type { Environment } from '../../constructs/input/entry';
import { readEnvironment } from '../../constructs/input/read';
import { renderOutput } from '../../constructs/render/output';
import { nodeSettings } from '../../constructs/settings';
import { accessTriggers, tokenTriggers } from '../../constructs/triggers';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, renderEnv } from '../engine/support/entries';
import { temporaryFolder } from '../support/node';
import { anOperator, runVerb } from '../support/verbs';

/** A terminal that writes down what it is told. */
export interface Recording extends Terminal {
  readonly printed: string[];
  readonly noted: string[];
  readonly progressed: string[];
}

export function aTerminal(over: Partial<Terminal> = {}): Recording {
  const [printed, noted, progressed]: string[][] = [[], [], []] as [string[], string[], string[]];
  return {
    ...{ printed, noted, progressed, columns: 120, colour: false },
    print: (line) => void printed.push(...line.split('\n')),
    note: (line) => void noted.push(...line.split('\n')),
    progress: (line) => void progressed.push(line),
    ...over,
  };
}

export interface Ran {
  readonly exit: number;
  /** Standard output, with the names that documents use. */
  readonly stdout: string;
  readonly stderr: string;
}

/** An operator's folder: env files over simulated nodes, and the command. */
export class Desk {
  readonly folder = temporaryFolder();
  readonly clock = { now: Date.now, sleep: async () => {} };
  private readonly entries = new Map<string, readonly Entry[]>();

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes `env/NAME.tfvars`; `more` comes behind the map. */
  write(entries: readonly Entry[], more = '', name = 'lab'): void {
    this.entries.set(name, entries);
    this.writeText(`env/${name}.tfvars`, `${renderEnv(entries, this.folder)}${more}`);
  }

  writeText(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** What a deploy does on the nodes, in the state and in the output files, without an engine. */
  async deploy(name = 'lab'): Promise<void> {
    const environment = await readEnvironment(this.path('env', `${name}.tfvars`));
    const secrets = new Map<string, string>();
    for (const entry of environment.clusters) {
      const handoff = `.handoff/${name}/${entry.name}`;
      const standing = nodeSettings(entry, { environment: name, project: '.' });
      const settings = { ...standing, handoff, receipt: `${handoff}-access` };
      const operator = anOperator(this.folder, { clock: this.clock });
      await runVerb('access', settings, operator);
      await runVerb('token', settings, operator);
      secrets.set(entry.name, readFileSync(this.path(handoff), 'utf8'));
    }
    rmSync(this.path('.handoff'), { recursive: true, force: true });
    this.writeText(`terraform.${name}.tfstate`, JSON.stringify(stateOf(environment, secrets)));
    chmodSync(this.path(`terraform.${name}.tfstate`), 0o600);
    for (const output of environment.outputs) {
      const rendered = environment.clusters.map((entry) => ({
        entry,
        token: `${entry.identity}=${secrets.get(entry.name)}`,
      }));
      this.writeText(output.file, renderOutput(output, rendered));
    }
  }

  /** Runs a command line. */
  async run(argv: readonly string[], over: Partial<Context> = {}): Promise<Ran> {
    const terminal = aTerminal();
    const context = { ...this.context(terminal), ...over };
    const exit = await runCli(argv, context);
    const { printed, noted } = 'printed' in context.terminal ? (context.terminal as Recording) : terminal;
    return { exit, stdout: this.inWords(printed.join('\n')), stderr: this.inWords(noted.join('\n')) };
  }

  context(terminal: Terminal): Context {
    return {
      folder: this.folder,
      environment: {},
      machine: { home: this.folder, localUser: 'operator', systemFolder: this.folder },
      clock: this.clock,
      terminal,
      signal: new AbortController().signal,
    };
  }

  /** Ports and temporary folders, as documents have them. */
  inWords(text: string): string {
    let words = text;
    for (const { name, node } of [...this.entries.values()].flat()) {
      words = words
        .replaceAll(node.api.url, `https://${name}.example.net:8006`)
        .replaceAll(`:${node.ssh.port}`, ':22')
        .replaceAll(`-p ${node.ssh.port} `, '')
        .replaceAll(node.ssh.hostKey, `SHA256:${name}`)
        .replaceAll(node.root, `/${name}`);
    }
    return words.replaceAll(this.folder, '/project');
  }
}

/** The state that an engine writes, in the parts that anybody reads. */
function stateOf({ clusters }: Environment, secrets: ReadonlyMap<string, string>): object {
  const block = (name: string, triggers: object) => ({
    mode: 'managed',
    type: 'null_resource',
    name,
    instances: [{ schema_version: 0, attributes: { id: '1', triggers } }],
  });
  const revocation = clusters.map(({ name }) => ({ index_key: name, schema_version: 0, attributes: {} }));
  return {
    version: 4,
    resources: [
      ...clusters.flatMap((entry) => [
        block(`${entry.name}_access`, accessTriggers(entry)),
        block(`${entry.name}_token`, tokenTriggers(entry)),
        block(`${entry.name}_secret`, { token: '1', value: secrets.get(entry.name) }),
      ]),
      { mode: 'managed', type: 'terraform_data', name: 'revocation', instances: revocation },
    ],
  };
}

/** An entry of the guide. */
export function anEntry(node: SimulatedNode, over: Partial<Entry> = {}): Entry {
  const identity = 'opentofu@pve!opentofu-token';
  return { name: 'nuc', node, identity, bootstrap: ['role = "opentofu-role"', 'preset = "opentofu"'], ...over };
}
