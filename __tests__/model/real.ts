import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Engine, thisMachine } from '../../engines';
import type { Stack } from './blocks';
import { type Applied, type ApplyStack, Untold } from './engine';
import { blockOf, EMPTY, type Instance, type State } from './plan';
import { type Fault, Network } from './wire';

/** The nodes behind their SSH servers. A node that has moved is reached under the other name of this machine. */
export class Loopback extends Network {
  override ssh(node: number): object {
    const { ssh, privateKeyFile } = this.nodes[node] ?? {};
    const host = (this.moves[node] ?? 0) % 2 === 0 ? '127.0.0.1' : 'localhost';
    return { host, port: ssh?.port, host_key: ssh?.hostKey, identity_file: privateKeyFile };
  }

  override connections(): number {
    return this.nodes.reduce((sum, node) => sum + node.connections(), 0);
  }

  override begin(fault?: Fault): void {
    super.begin(fault);
    this.nodes.forEach((node, index) => {
      node.resetLog();
      node.faults.refuseConnections = fault?.kind === 'down' && fault.node === index;
    });
  }
}

/** The real engine in the place of its double: the same stacks, in a folder as `cdktf` leaves it. It cannot be ended early. */
export function realEngine({ binary, env }: Engine, program: string): ApplyStack {
  const initialized = new Map<string, string>();
  return async (stack, before, { folder }, { replace }, { destroy }) => {
    const engine = (...args: string[]) =>
      thisMachine(process.env).run(binary, args, { cwd: folder, env: { ...env, HOME: folder }, seconds: 300 });
    const { terraform } = stack.json;
    const file = resolve(folder, terraform.backend.local.path);
    place(stack, folder, program);
    if (before.text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, before.text);
    if (initialized.get(folder) !== JSON.stringify(terraform)) {
      const { code, stdout, stderr } = await engine('init', '-no-color', '-input=false');
      if (code !== 0) throw new Error(`init ended with ${code}: ${stdout}${stderr}`);
      initialized.set(folder, JSON.stringify(terraform));
    }
    const options = [...(destroy ? ['-destroy'] : []), ...replace.map((address) => `-replace=${address}`)];
    const { code, stdout } = await engine('apply', '-json', '-auto-approve', ...options);
    return { state: readState(file), ok: code === 0, died: false, ...readEvents(stack, stdout) };
  };
}

function place({ json, blocks }: Stack, folder: string, program: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
  for (const { run } of blocks) {
    if (run === undefined) continue;
    mkdirSync(dirname(join(folder, run.program)), { recursive: true });
    copyFileSync(program, join(folder, run.program));
  }
}

/** A line of `apply -json`. */
interface Event {
  readonly type: string;
  readonly '@level': string;
  readonly hook?: { readonly resource: { readonly addr: string } };
  readonly diagnostic?: { readonly summary: string; readonly detail: string };
}

function readEvents({ blocks }: Stack, stdout: string): Pick<Applied, 'ran' | 'complaints'> {
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line): Event => JSON.parse(line));
  const of = (type: string) =>
    events.flatMap((event) => (event.type === type ? (event.hook?.resource.addr ?? []) : []));
  const failed = of('provision_errored');
  const errors = events.flatMap(({ diagnostic, '@level': level }) => (level === 'error' ? (diagnostic ?? []) : []));
  const complaints = errors.filter(({ summary }) => summary !== 'local-exec provisioner error');
  return {
    ran: of('provision_start').map((address) => ({
      address,
      verb: blocks.find((block) => block.address === blockOf(address))?.run?.verb ?? '',
      ...(failed.includes(address) ? { failure: new Untold('see its output') } : {}),
    })),
    complaints: complaints.map(({ summary, detail }) => `${summary}: ${detail}`),
  };
}

interface StateJson {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string;
      readonly status?: string;
      readonly dependencies?: readonly string[];
      readonly attributes: Omit<Instance, 'input'> & { readonly input?: { readonly value: unknown } };
    }[];
  }[];
}

function readState(file: string): State {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text === '') return EMPTY;
  const { outputs, resources } = JSON.parse(text) as StateJson;
  const managed = resources.filter(({ mode }) => mode === 'managed');
  const instances = managed.flatMap(({ type, name, instances }) =>
    instances.map(({ index_key: key, status, dependencies: needs = [], attributes }): [string, Instance] => {
      const { id, triggers, input, filename, content } = attributes;
      const own = { id, triggers: triggers ?? {}, tainted: status === 'tainted', needs, filename, content };
      return [`${type}.${name}${key === undefined ? '' : `["${key}"]`}`, { ...own, input: input?.value }];
    }),
  );
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
  return { instances: new Map(instances), outputs: Object.fromEntries(values), text };
}
