import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Environment, EnvironmentStack, ProxmoxCluster, type ProxmoxClusterProps } from '../../constructs';
import { checkEnvironment } from '../../constructs/input/check';
import { RECEIPT_VARIABLE, SETTINGS_FORMAT, SETTINGS_VARIABLE } from '../../contract/settings';
import { LEAST, synthesize, synthesizeIn } from './support';

const MOST: ProxmoxClusterProps = {
  endpoint: 'https://nuc.example.net:8006',
  apiToken: 'tofu@pve!ci',
  insecure: false,
  username: 'admin',
  attributes: { name: 'nuc', tags: ['a', 'b'] },
  bootstrap: {
    role: 'tofu-role',
    privileges: ['VM.Audit', 'VM.Allocate'],
    acl: [{ path: '/pool/lab', propagate: false }, { path: '/storage/local' }],
    privilegeSeparation: true,
    expire: '2030-01-01',
    comment: 'CI',
    changeOthers: true,
    generation: 3,
    retain: ['tofu@pve!old'],
    onExisting: 'fail',
    removal: 'retain',
    caFile: 'ca.pem',
    ssh: { host: 'nuc-ssh', port: 2222, identityFile: '~/.ssh/nuc', jump: 'bastion', timeouts: { lock: 5 } },
  },
};

function settingsOf(block: { provisioner: [{ 'local-exec': { environment: Record<string, string> } }] }) {
  return JSON.parse(block.provisioner[0]['local-exec'].environment[SETTINGS_VARIABLE] ?? '');
}

describe('ProxmoxCluster', () => {
  test('with the least props makes the blocks of the contract', () => {
    const { resource, locals } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', LEAST));
    expect(Object.keys(resource.null_resource)).toEqual([
      'gate',
      'nuc_access',
      'nuc_access_done',
      'nuc_secret',
      'nuc_token',
      'sweep',
    ]);
    expect(Object.keys(resource.terraform_data)).toEqual(['revocation']);
    expect(Object.keys(locals.revocation)).toEqual(['nuc']);
  });

  test('with the most props hands all of them to the program', () => {
    const { resource } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', MOST));
    expect(settingsOf(resource.null_resource.nuc_token)).toEqual({
      format: SETTINGS_FORMAT,
      project: '../../..',
      owner: { environment: 'lab', cluster: 'nuc' },
      ssh: {
        host: 'nuc-ssh',
        port: 2222,
        user: 'admin',
        identity_file: '~/.ssh/nuc',
        jump: 'bastion',
        timeouts: { connect: 20, command: 60, lock: 5 },
      },
      identity: 'tofu@pve!ci',
      access: {
        role: 'tofu-role',
        privileges: ['VM.Audit', 'VM.Allocate'],
        acl: [
          { path: '/pool/lab', propagate: false },
          { path: '/storage/local', propagate: true },
        ],
        privilege_separation: true,
        expire: 1893456000,
        comment: 'CI',
        change_others: true,
      },
      on_existing: 'fail',
      generation: '3',
      retain: ['tofu@pve!old'],
      verify: { endpoint: 'https://nuc.example.net:8006', insecure: false, ca_file: 'ca.pem' },
      state_files: ['terraform.lab.tfstate'],
      handoff: '.handoff/lab/nuc-${self.id}',
    });
  });

  test('with the most props tells the revocation what it may take away, now and after the entry is gone', () => {
    const { locals } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', MOST));
    expect(locals.revocation.nuc).toMatchObject({
      identity: 'tofu@pve!ci',
      retain: ['tofu@pve!old'],
      removal: 'retain',
      ssh: { host: 'nuc-ssh' },
    });
  });

  test('can leave user, role and ACL to others', () => {
    const { resource } = synthesizeIn(
      (stack) =>
        new ProxmoxCluster(stack, 'nuc', { ...LEAST, apiToken: 'jo@pve!ci', bootstrap: { manageAccess: false } }),
    );
    expect(settingsOf(resource.null_resource.nuc_access).access).toEqual({ acl: [] });
    expect(resource.null_resource.nuc_access.triggers).toMatchObject({
      user: 'jo@pve',
      role: '',
      privileges: '',
      acl: '',
    });
  });

  test.each(['null', 'local', 'backend', 'tfvars', 'clusters'])('may be called %s in an env file', (name) => {
    const checked = checkEnvironment(
      'lab',
      { proxmox: { [name]: { endpoint: LEAST.endpoint, api_token: LEAST.apiToken } } },
      'env/lab.tfvars',
    );
    if (Array.isArray(checked)) throw new Error(JSON.stringify(checked));
    const { locals } = JSON.parse(synthesize((app) => new EnvironmentStack(app, checked as Environment)));
    expect(Object.keys(locals.revocation)).toEqual([name]);
  });

  test('refuses a second one of the same id elsewhere in the stack: the two would be one block', () => {
    const make = () =>
      synthesizeIn((stack) => {
        for (const scope of ['a', 'b']) new ProxmoxCluster(new Construct(stack, scope), 'nuc', LEAST);
      });
    expect(make).toThrow('Stack `lab` has two clusters `nuc`.');
  });

  test('tells providers the endpoint, the identity, and a reference to the secret', () => {
    const { output } = synthesizeIn((stack) => {
      const { endpoint, identity, secret } = new ProxmoxCluster(stack, 'nuc', LEAST);
      new TerraformOutput(stack, 'all', { value: [endpoint, identity, secret], sensitive: true });
    });
    const reference = '${null_resource.nuc_secret.triggers.value}';
    expect(output.all.value).toEqual(['https://nuc.example.net:8006', 'root@pam!tofu', reference]);
  });

  test('apiToken is the identity and a reference to the sensitive secret', () => {
    const { output } = synthesizeIn((stack) => {
      const { apiToken } = new ProxmoxCluster(stack, 'nuc', LEAST);
      new TerraformOutput(stack, 'token', { value: apiToken, sensitive: true });
    });
    expect(output.token.value).toBe('root@pam!tofu=${null_resource.nuc_secret.triggers.value}');
  });

  test('apiToken is usable in another stack', () => {
    const app = new App();
    const tokens = new TerraformStack(app, 'tokens');
    const consumer = new TerraformStack(app, 'consumer');
    const { apiToken } = new ProxmoxCluster(tokens, 'nuc', LEAST);
    new TerraformOutput(consumer, 'token', { value: apiToken, sensitive: true });
    for (const stack of [tokens, consumer]) stack.prepareStack();
    const json = JSON.stringify(consumer.toTerraform());
    expect(json).toContain('data.terraform_remote_state.cross-stack-reference-input-tokens');
    const [output] = Object.values(tokens.toTerraform().output as Record<string, { sensitive: boolean }>);
    expect(output?.sensitive).toBe(true);
  });

  test('two clusters share one revocation, one sweep and one provider', () => {
    const { resource, locals, provider } = synthesizeIn((stack) => {
      new ProxmoxCluster(stack, 'one', LEAST);
      new ProxmoxCluster(stack, 'two', { ...LEAST, apiToken: 'root@pam!tofu2' });
    });
    expect(Object.keys(locals.revocation)).toEqual(['one', 'two']);
    expect(resource.null_resource.sweep.depends_on).toEqual(['null_resource.one_secret', 'null_resource.two_secret']);
    expect(provider.null).toHaveLength(1);
  });

  test('looks for the receipt of `access`, under the id of its block, before the token is made', () => {
    const { resource } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', LEAST));
    const { nuc_access: access, nuc_access_done: done } = resource.null_resource;
    expect(settingsOf(access).receipt).toBe('.handoff/lab/nuc-access-${self.id}');
    expect(done.triggers).toEqual({ access: '${null_resource.nuc_access.id}' });
    const { environment, command } = done.provisioner[0]['local-exec'];
    expect(environment[RECEIPT_VARIABLE]).toBe('../../../.handoff/lab/nuc-access-${null_resource.nuc_access.id}');
    expect(settingsOf(done).receipt).toBe('.handoff/lab/nuc-access-${null_resource.nuc_access.id}');
    expect(command).toMatch(/^rm "\$PROXMOX_TOKENS_RECEIPT" .* \|\| exec node ".*\/bootstrap\.cjs" access$/);
  });

  test('makes its token after every cluster of the stack can be revoked', () => {
    const { resource } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', LEAST));
    expect(resource.null_resource.nuc_token.depends_on).toEqual([
      'null_resource.nuc_access_done',
      'null_resource.gate',
    ]);
    expect(resource.null_resource.gate.depends_on).toEqual(['terraform_data.revocation']);
    expect(resource.null_resource.gate.triggers).toBeUndefined();
  });

  test('refuses the app when another stack has the same token, or gives the role other privileges', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'synth-')) });
    onTestFinished(() => rmSync(app.outdir, { recursive: true }));
    const make = (name: string, apiToken: string, privilege: string) =>
      new ProxmoxCluster(new TerraformStack(app, name), 'nuc', {
        ...LEAST,
        apiToken,
        bootstrap: { role: 'r', privileges: [privilege] },
      });
    make('a', 'jo@pve!ci', 'VM.Audit');
    make('b', 'jo@pve!ci', 'VM.Clone');
    expect(() => app.synth()).toThrowErrorMatchingInlineSnapshot(`
      [Error: App-level validation failed with the following errors:
        b/nuc: apiToken is also the token of a/nuc on nuc.example.net. Each of the two would take the secret of the other away. Give each entry a token of its own, or keep one of them.
        b/nuc: bootstrap.role is also the role of a/nuc on nuc.example.net, with other privileges. There is one role of a name on a node: each deploy would undo the other half. Give both the same preset or privileges, or choose another role name.
      Validations allow for dynamic verification of your project.
      To skip validations, add 'skipValidation: true' to your App config.
          ]
    `);
  });
});
