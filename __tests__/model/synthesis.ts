import { App, TerraformStack } from 'cdktf';
import { addEnvironment, type Environment } from '../../constructs';
import { checkEnvironment } from '../../constructs/input/check';
import { readStack, type Stack } from './blocks';
import { type Entry, hasRole, identityOf, nodeOf, type Owner, retainedOf } from './entries';

/** What entries of the model are written with, beside themselves. */
export interface Facts {
  /** By number of the node. */
  readonly addresses: readonly string[];
  readonly endpoints: readonly string[];
  /** What the files say of the roles that they define. */
  readonly privileges: Readonly<Record<string, readonly string[]>>;
}

const FAR = 4102444800;
export const expireOf = ({ expires }: Entry): number => (expires ? FAR : 0);
export const outputOf = (environment: string): string => `env/${environment}/out.auto.tfvars.json`;

/** An entry as it stands in an env file. */
export function entryText(owner: Owner, entry: Entry, { addresses, endpoints, privileges }: Facts): object {
  const node = nodeOf(owner);
  const { role, separated, paths, comment, generation, onExisting, removal } = entry;
  const rights =
    role === 'PVEAuditor' ? {} : role === 'preset-role' ? { preset: 'opentofu' } : { privileges: privileges[role] };
  return {
    endpoint: endpoints[node],
    insecure: true,
    username: 'root',
    api_token: identityOf(owner, entry),
    bootstrap: {
      ...(hasRole(entry) ? { role, ...rights, acl: paths.map((path) => ({ path, propagate: path !== '/vms' })) } : {}),
      ...(comment === undefined ? {} : { comment }),
      privilege_separation: separated,
      expire: expireOf(entry),
      generation,
      retain: retainedOf(owner, entry),
      on_existing: onExisting,
      removal,
      ssh: { host: addresses[node], timeouts: { lock: 2 } },
    },
  };
}

/** A life asks for the same files again and again; the next one hardly ever does. */
const MOST = 100;
const known = new Map<string, readonly Stack[]>();

/** The stacks that the real constructs make of these entries, in the order of their deploy. */
export function synthesizeStacks(environment: string, proxmox: object): readonly Stack[] {
  const output = { file: outputOf(environment), format: 'map', ...(environment === 'prod' ? { own_stack: true } : {}) };
  const key = JSON.stringify([environment, proxmox]);
  const there = known.get(key);
  if (there !== undefined) return there;
  const checked = checkEnvironment(environment, { proxmox, output }, `env/${environment}.tfvars.json`);
  if (!isEnvironment(checked)) throw new Error(`the model wrote a file that is refused: ${JSON.stringify(checked)}`);
  const app = new App();
  addEnvironment(app, checked);
  const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
  for (const stack of stacks) stack.prepareStack();
  const made = stacks.map((stack) => readStack(stack.node.id, JSON.parse(JSON.stringify(stack.toTerraform()))));
  if (known.size >= MOST) known.clear();
  known.set(key, made);
  return made;
}

function isEnvironment(checked: ReturnType<typeof checkEnvironment>): checked is Environment {
  return !Array.isArray(checked);
}
