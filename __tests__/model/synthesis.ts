import { App, TerraformStack } from 'cdktf';
import { addEnvironment } from '../../constructs';
import { checkEnvironment } from '../../constructs/input/check';
import { readStack, type Stack } from './blocks';
import { type Entry, type EnvironmentName, hasRole, identityOf, leavesAccess, type Owner, retainedOf } from './entries';
import type { World } from './world';

const FAR = 4102444800;
export const expireOf = ({ expires }: Entry) => (expires === undefined ? undefined : expires ? FAR : 0);
export const outputOf = (environment: string): string => `env/${environment}/out.auto.tfvars.json`;

/** An entry as it stands in an env file; what is undefined is not written. */
function entryText(owner: Owner, entry: Entry, { nodes, network, privileges }: World): object {
  const { role, separated, paths, comment, generation, onExisting, removal, changeOthers, verify } = entry;
  const preset = role === 'preset-role' ? 'opentofu' : undefined;
  const access = {
    role,
    preset,
    privileges: privileges[role],
    acl: paths.map((path) => ({ path, propagate: path !== '/vms' })),
  };
  return {
    endpoint: nodes[owner.node]?.api.url,
    insecure: true,
    username: 'root',
    api_token: identityOf(owner, entry),
    bootstrap: {
      ...(hasRole(entry) ? access : {}),
      ...{ generation, comment, removal, verify, on_existing: onExisting, retain: retainedOf(owner, entry) },
      ...{ privilege_separation: separated, expire: expireOf(entry) },
      ...{ manage_access: !leavesAccess(entry), change_others: changeOthers },
      ssh: { ...network.ssh(owner.node), timeouts: { lock: 2 } },
    },
  };
}

/** Half of a synthesis would be stack traces. */
Object.assign(require('cdktf/lib/tokens/private/stack-trace'), { captureStackTrace: () => [] });

/** Of each environment the file that was asked for last. */
const last = new Map<string, { readonly text: string; readonly stacks: readonly Stack[] }>();

/** The stacks that the real constructs make of an env file, in the order of their deploy. */
export function synthesizeStacks(environment: EnvironmentName, world: World): readonly Stack[] {
  const proxmox = world.entriesOf(environment).map(([owner, entry]) => [owner.cluster, entryText(owner, entry, world)]);
  const output = { file: outputOf(environment), own_stack: environment === 'prod' || undefined };
  const text = JSON.stringify({ proxmox: Object.fromEntries(proxmox), output });
  const there = last.get(environment);
  if (there?.text === text) return there.stacks;
  const checked = checkEnvironment(environment, JSON.parse(text), `env/${environment}.tfvars.json`);
  if (!('clusters' in checked)) throw new Error(`the model wrote a file that is refused: ${JSON.stringify(checked)}`);
  const app = new App();
  addEnvironment(app, checked);
  const made = app.node.children.filter((child) => TerraformStack.isStack(child));
  for (const stack of made) stack.prepareStack();
  const stacks = made.map((stack) => readStack(stack.node.id, JSON.parse(JSON.stringify(stack.toTerraform()))));
  last.set(environment, { text, stacks });
  return stacks;
}
