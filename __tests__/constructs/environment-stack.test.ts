import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, PgBackend, TerraformStack } from 'cdktf';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  addEnvironment,
  type Environment,
  EnvironmentStack,
  readEnvironment,
  readEnvironments,
} from '../../constructs';
import { synthesize } from './support';

const EXAMPLES = ['lab', 'separated', 'single'];

describe('the stack of an env file', () => {
  test('every example is a stack named after its file', async () => {
    const environments = await readEnvironments('env');
    expect(environments.map(({ name }) => name)).toEqual(EXAMPLES);
  });

  test.each(EXAMPLES)('the JSON of env/%s.tfvars is as it was reviewed', async (name) => {
    const environment = await readEnvironment(join('env', `${name}.tfvars`));
    const json = synthesize((app) => new EnvironmentStack(app, environment));
    await expect(json).toMatchFileSnapshot(`__snapshots__/${name}.tf.json`);
  });

  test.each(EXAMPLES)('the JSON of env/%s.tfvars is the same twice, with no absolute path', async (name) => {
    const environment = await readEnvironment(join('env', `${name}.tfvars`));
    const make = () => synthesize((app) => new EnvironmentStack(app, environment));
    const json = make();
    expect(json).toBe(make());
    expect(json).not.toContain(process.cwd());
    expect(withoutAclPaths(json)).not.toMatch(/"\//);
  });

  test('without clusters the revocation stays, so that the last one that left is revoked', () => {
    const json = JSON.parse(synthesize((app) => new EnvironmentStack(app, { name: 'lab', clusters: [], outputs: [] })));
    expect(json.resource.terraform_data.revocation).toMatchObject({
      for_each: '${local.revocation}',
      input: '${each.value}',
    });
    expect(json.locals.revocation).toEqual({});
    expect(Object.keys(json.resource.null_resource)).toEqual(['gate']);
  });

  test('the state lies beside cdktf.json, by a relative path', () => {
    const json = JSON.parse(synthesize((app) => new EnvironmentStack(app, { name: 'lab', clusters: [], outputs: [] })));
    expect(json.terraform.backend.local.path).toBe('../../../terraform.lab.tfstate');
  });

  test('the program goes along as a file, in a folder that is closed to others: a saved plan would lie in it', async () => {
    const environment = await readEnvironment('env/lab.tfvars');
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'synth-')) });
    onTestFinished(() => rmSync(app.outdir, { recursive: true }));
    chmodSync(app.outdir, 0o755);
    new EnvironmentStack(app, environment);
    app.synth();
    const json = JSON.parse(readFileSync(join(app.outdir, 'stacks/lab/cdk.tf.json'), 'utf8'));
    const [, program] = json.resource.null_resource.nuc_token.provisioner[0]['local-exec'].interpreter;
    const copied = readFileSync(join(app.outdir, 'stacks/lab', program));
    expect(copied.equals(readFileSync('dist/bootstrap.cjs'))).toBe(true);
    expect((statSync(app.outdir).mode & 0o777).toString(8)).toBe('700');
  });
});

function withoutAclPaths(json: string): string {
  return json
    .replaceAll('"//"', '')
    .replaceAll('"acl": "/"', '')
    .replaceAll('"path": "/"', '')
    .replaceAll('\\"path\\":\\"/\\"', '');
}

describe('an environment with a file in a stack of its own', () => {
  const environment = async (): Promise<Environment> => {
    const lab = await readEnvironment('env/lab.tfvars');
    const file = { file: 'env/lab/terraform.tfvars', format: 'map', variable: 'proxmox', ownStack: true } as const;
    return { ...lab, outputs: [file] };
  };

  test('is two stacks, the second after the first, with the file in the second alone', async () => {
    const app = new App();
    addEnvironment(app, await environment());
    const [tokens, files] = app.node.children.filter(TerraformStack.isStack);
    expect([tokens?.node.id, files?.node.id]).toEqual(['lab', 'lab-tfvars']);
    for (const stack of [tokens, files]) stack?.prepareStack();
    expect(tokens && files?.dependsOn(tokens)).toBe(true);
    expect(JSON.stringify(tokens?.toTerraform())).not.toContain('local_sensitive_file');
    expect(JSON.stringify(files?.toTerraform())).toContain('../../../env/lab/terraform.tfvars');
  });

  test('with a backend of the user has it in place of the local one', async () => {
    const lab = await environment();
    const backend = (stack: TerraformStack) =>
      new PgBackend(stack, { connStr: 'postgres:///states', schemaName: stack.node.id });
    const json = synthesize((app) => new EnvironmentStack(app, lab, { backend }));
    expect(JSON.parse(json).terraform.backend).toEqual({ pg: { conn_str: 'postgres:///states', schema_name: 'lab' } });
  });
});
