import { resolve } from 'node:path';
import { App, LocalBackend, PgBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { expect, test } from 'vitest';
import { addEnvironment, ProxmoxCluster, readEnvironment } from '../../constructs';
import { SETTINGS_VARIABLE } from '../../contract/settings';

/** What each verb of that stack is told to guard, once the whole app is ready. All are told the same. */
function guardedIn(app: App, id: string): unknown {
  const stacks = app.node.findAll().filter(TerraformStack.isStack);
  for (const stack of stacks) stack.prepareStack();
  const json = JSON.parse(JSON.stringify(stacks.find(({ node }) => node.id === id)?.toTerraform()));
  const { nuc_access, nuc_token, sweep } = json.resource.null_resource;
  const told = [nuc_access, nuc_token, sweep].map(
    ({ provisioner: [{ 'local-exec': run }] }) => JSON.parse(run.environment[SETTINGS_VARIABLE]).state_files,
  );
  expect(told).toEqual([told[0], told[0], told[0]]);
  expect(sweep.triggers.state_files).toBe(told[0]?.join(' '));
  return told[0];
}

const toDatabase = (stack: TerraformStack) =>
  new PgBackend(stack, { connStr: 'postgres:///states', schemaName: stack.node.id });
const reader = (app: App, token: string) => {
  const stack = new TerraformStack(app, 'vms');
  new TerraformOutput(stack, 'token', { value: token, sensitive: true });
  return stack;
};

type More = (stack: TerraformStack, app: App, token: string) => unknown;

test.each<[string, More, readonly string[] | undefined]>([
  ['no backend: the file that cdktf chooses', () => undefined, ['terraform.mine.tfstate']],
  ['a local one', (stack) => new LocalBackend(stack, { path: '../../../state/mine.tfstate' }), ['state/mine.tfstate']],
  [
    'a local one at an absolute path',
    (stack) => new LocalBackend(stack, { path: resolve('../mine.tfstate') }),
    ['../mine.tfstate'],
  ],
  ['a database: nothing', toDatabase, undefined],
  [
    'a second stack that has nothing to do with it',
    (_, app) => new TerraformStack(app, 'other'),
    ['terraform.mine.tfstate'],
  ],
  [
    'a second stack that reads the secret, into its own state',
    (_, app, token) => reader(app, token),
    ['terraform.mine.tfstate', 'terraform.vms.tfstate'],
  ],
  [
    'a second stack that reads the secret into a database',
    (_, app, token) => toDatabase(reader(app, token)),
    ['terraform.mine.tfstate'],
  ],
])('in any app the state is guarded, with %s', (_, more, files) => {
  const app = new App();
  const stack = new TerraformStack(app, 'mine');
  const { apiToken } = new ProxmoxCluster(stack, 'nuc', {
    endpoint: 'https://nuc.example.net:8006',
    apiToken: 'root@pam!ci',
  });
  more(stack, app, apiToken);
  expect(guardedIn(app, 'mine')).toEqual(files);
});

test('an environment guards the state of the stack that has its files, too', async () => {
  const app = new App();
  const lab = await readEnvironment('env/lab.tfvars');
  addEnvironment(app, { ...lab, outputs: lab.outputs.map((output) => ({ ...output, ownStack: true })) });
  expect(guardedIn(app, 'lab')).toEqual(['terraform.lab.tfstate', 'terraform.lab-tfvars.tfstate']);
});
