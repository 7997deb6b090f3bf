import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalProvider } from '@cdktf/provider-local/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ProxmoxCluster, TfvarsFile } from '../../constructs';
import { synthesizeIn } from './support';

const nuc = (stack: TerraformStack, id = 'nuc') =>
  new ProxmoxCluster(stack, id, { endpoint: `https://${id}.example.net:8006`, apiToken: 'root@pam!tofu' });

describe('TfvarsFile', () => {
  test('is a local_sensitive_file of mode 0600 in a folder of 0700, by a relative path', () => {
    const { resource } = synthesizeIn(
      (stack) => new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file: '../vms/terraform.tfvars' }),
    );
    expect(resource.local_sensitive_file.tfvars).toMatchObject({
      filename: '../../../../vms/terraform.tfvars',
      file_permission: '0600',
      directory_permission: '0700',
    });
  });

  test('holds references in the place of the secrets', () => {
    const { resource } = synthesizeIn(
      (stack) => new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file: 'out/one.tfvars', format: 'token' }),
    );
    expect(resource.local_sensitive_file.tfvars.content).toContain(
      'proxmox_api_token = "root@pam!tofu=${null_resource.nuc_secret.triggers.value}"\n',
    );
  });

  test('in a stack of its own reads the secrets from the state of the clusters', () => {
    const app = new App();
    const tokens = new TerraformStack(app, 'tokens');
    const files = new TerraformStack(app, 'files');
    new TfvarsFile(files, 'tfvars', { clusters: [nuc(tokens)], file: 'out/terraform.tfvars' });
    for (const stack of [tokens, files]) stack.prepareStack();
    const { resource } = files.toTerraform() as { resource: Record<string, Record<string, { content: string }>> };
    expect(resource.local_sensitive_file?.tfvars?.content).toMatch(
      /api_token = "root@pam!tofu=\$\{data\.terraform_remote_state\.cross-stack-reference-input-tokens\.outputs\./,
    );
    expect(files.dependsOn(tokens)).toBe(true);
  });

  test('refuses an absolute path and a format that does not fit', () => {
    const make = (file: string) => () =>
      synthesizeIn((stack) => new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file }));
    expect(make('/tmp/terraform.tfvars')).toThrow(/is an absolute path, got: /);
    expect(make('out/terraform.txt')).toThrow(/ends neither in \.tfvars nor in \.json/);
  });

  test('may stand beside cdktf.json, where no env file is', () => {
    const { resource } = synthesizeIn(
      (stack) => new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file: 'terraform.tfvars' }),
    );
    expect(resource.local_sensitive_file.tfvars.filename).toBe('../../../terraform.tfvars');
  });

  test.each(['package.json', 'cdktf.json', '.handoff/x.json', 'cdktf.out/x.tfvars', 'a/../tsconfig.json'])(
    'refuses %s, which belongs to the project itself',
    (file) => {
      const make = () => synthesizeIn((stack) => new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file }));
      expect(make).toThrow(/belongs to the project itself/);
    },
  );

  test('is named by an output, relative to the folder of cdktf.json, which is unknown until the file is made', () => {
    const { output } = synthesizeIn(
      (stack) => new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file: './out/terraform.tfvars' }),
    );
    expect(output).toEqual({
      tfvars_file: { value: '${local_sensitive_file.tfvars.id == "" ? "" : "out/terraform.tfvars"}' },
    });
  });

  test("takes the stack's own provider, made after it", () => {
    const { provider } = synthesizeIn((stack) => {
      new TfvarsFile(stack, 'tfvars', { clusters: [nuc(stack)], file: 'out/terraform.tfvars' });
      new LocalProvider(stack, 'local');
    });
    expect(provider.local).toEqual([{}]);
  });

  test('refuses the app when another one has the same path, or makes the same block', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'synth-')) });
    onTestFinished(() => rmSync(app.outdir, { recursive: true }));
    const [tokens, files] = [new TerraformStack(app, 'tokens'), new TerraformStack(app, 'files')];
    const clusters = [nuc(tokens)];
    new TfvarsFile(tokens, 'tfvars', { clusters, file: 'out/a.tfvars' });
    new TfvarsFile(files, 'tfvars', { clusters, file: './out/A.tfvars' });
    new TfvarsFile(new Construct(files, 'more'), 'tfvars', { clusters, file: 'out/b.tfvars' });
    expect(() => app.synth()).toThrowErrorMatchingInlineSnapshot(`
      [Error: App-level validation failed with the following errors:
        files/tfvars: file is also written by tokens/tfvars: out/A.tfvars. The later one would overwrite the earlier one. Give each a file of its own.
        files/more/tfvars: has the id of files/tfvars. Blocks are named after the construct id alone: the two would be one. Give one of them another id.
      Validations allow for dynamic verification of your project.
      To skip validations, add 'skipValidation: true' to your App config.
          ]
    `);
  });

  test('refuses format "token" for several clusters, by construct path and property', () => {
    const make = () =>
      synthesizeIn(
        (stack) =>
          new TfvarsFile(stack, 'tfvars', {
            clusters: [nuc(stack, 'one'), nuc(stack, 'two')],
            file: 'out/terraform.tfvars',
            format: 'token',
          }),
      );
    expect(make).toThrow(
      /^TfvarsFile lab\/tfvars: 1 problem\nTfvarsFile lab\/tfvars: clusters: .*\n.*There are one, two\./,
    );
  });
});
