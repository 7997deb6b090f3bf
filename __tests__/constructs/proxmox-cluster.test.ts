import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Environment, EnvironmentStack, ProxmoxCluster, type ProxmoxClusterProps } from '../../constructs';
import { checkEnvironment } from '../../constructs/input/check';
import { RECEIPT_VARIABLE, SETTINGS_FORMAT, SETTINGS_VARIABLE } from '../../contract/settings';
import { synthesize, synthesizeIn } from './support';

const LEAST: ProxmoxClusterProps = { endpoint: 'https://nuc.example.net:8006', apiToken: 'root@pam!tofu' };
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

  test.each(['before', 'after'])("the stack's own provider is used, made %s the cluster", (when) => {
    const { provider, terraform } = synthesizeIn((stack) => {
      if (when === 'after') new ProxmoxCluster(stack, 'nuc', LEAST);
      new NullProvider(new Construct(stack, 'nested'), 'mine', { alias: undefined });
      if (when === 'before') new ProxmoxCluster(stack, 'nuc', LEAST);
    });
    expect(provider.null).toEqual([{}]);
    expect(terraform.required_providers.null.version).toBe('3.2.4');
  });

  test('without one of its own the stack asks for a range of releases', () => {
    const { provider, terraform } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', LEAST));
    expect(provider).toEqual({ null: [{}] });
    expect(terraform.required_providers).toEqual({ null: { source: 'null', version: '~> 3.2' } });
  });

  test('what makes access run again is readable in a plan, a preset with its list', () => {
    const { resource } = synthesizeIn(
      (stack) =>
        new ProxmoxCluster(stack, 'nuc', {
          ...LEAST,
          apiToken: 'csi@pve!csi',
          bootstrap: { role: 'csi', preset: 'csi' },
        }),
    );
    expect(resource.null_resource.nuc_access.triggers).toEqual({
      user: 'csi@pve',
      identity: 'csi@pve!csi',
      role: 'csi',
      privileges:
        'csi: Datastore.Allocate Datastore.AllocateSpace Datastore.Audit VM.Audit VM.Config.Disk, where known: ',
      acl: '/',
      privilege_separation: '',
      expire: '',
      comment: '',
      change_others: '',
    });
  });

  test.each<[string, Partial<ProxmoxClusterProps>, string | undefined]>([
    ['the endpoint', {}, 'https://nuc.example.net:8006'],
    ['insecure', { insecure: true }, 'https://nuc.example.net:8006 insecure'],
    ['the CA file', { bootstrap: { caFile: 'ca.pem' } }, 'https://nuc.example.net:8006 ca_file ca.pem'],
    ['that it is not', { bootstrap: { verify: false } }, undefined],
  ])('makes token run again when it is to be verified otherwise: %s', (_, more, verify) => {
    const { resource } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', { ...LEAST, ...more }));
    expect(resource.null_resource.nuc_token.triggers.verify).toBe(verify);
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

  test('refuses every wrong prop at once, by construct path and property', () => {
    const make = () =>
      synthesizeIn(
        (stack) =>
          new ProxmoxCluster(new Construct(stack, 'site'), 'nuc', {
            endpoint: 'http://nuc',
            apiToken: 'tofu',
            attributes: { tags: ['${var.tag}'] },
            bootstrap: { role: 'r', privileges: [], onExisting: 'keep' as 'fail', acl: ['/'] as never },
          }),
      );
    expect(make).toThrowErrorMatchingInlineSnapshot(`
      [Refusal: ProxmoxCluster lab/site/nuc: 6 problems
      ProxmoxCluster lab/site/nuc: attributes.tags[0]: is an expression or a template
        why: A tfvars file holds literals: \`\${\`, \`%{\`, references and function calls are not evaluated, also not when escaped.
        fix: Write the value itself.
      ProxmoxCluster lab/site/nuc: endpoint: is not https, got: "http://nuc"
        why: The token would cross the network in clear.
        fix: Write endpoint: "https://nuc".
      ProxmoxCluster lab/site/nuc: apiToken: is not a token identity of the form user@realm!tokenid, got: "tofu"
        why: The node knows a token by user@realm!tokenid.
        fix: Write it like "opentofu@pve!opentofu-token".
      ProxmoxCluster lab/site/nuc: bootstrap.privileges: is empty
        why: A token of a role without privileges can do nothing.
        fix: Name at least one privilege.
      ProxmoxCluster lab/site/nuc: bootstrap.acl: holds paths alone
        why: An entry of it is a map: a path, and whether it propagates.
        fix: Write acl: [{ path: "/" }].
      ProxmoxCluster lab/site/nuc: bootstrap.onExisting: is not one of its values, got: "keep"
        why: There are "adopt", "rotate", "fail"; without the key it is "adopt".
        fix: Write onExisting: "adopt".]
    `);
  });

  test('refuses props that contradict each other in their own words', () => {
    const make = (bootstrap: ProxmoxClusterProps['bootstrap']) => () =>
      synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', { ...LEAST, insecure: true, bootstrap }));
    expect(make({ caFile: 'ca.pem' })).toThrow('lab/nuc: bootstrap.caFile: contradicts insecure: true');
    expect(make({ manageAccess: false, role: 'r' })).toThrow(
      'Leave role out, or set manageAccess: true in this entry.',
    );
    expect(make({ ssh: { identityFile: '' } })).toThrow('Write identityFile: "~/.ssh/id_ed25519"');
    expect(make({ onExistng: 'fail' } as never)).toThrow(/bootstrap\.onExistng: is not a known key\n.*caFile, ssh\./);
  });

  test('refuses a reference to another resource: identifiers are checked before anything is deployed', () => {
    const make = () =>
      synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', { ...LEAST, endpoint: 'https://${var.host}:8006' }));
    expect(make).toThrow(/literals/);
  });
});
