import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { elsewhere, install, installed, node, PACKAGE, pack, present, readJson, TYPESCRIPT } from './support';

/** Both ends of what the package says it goes together with. */
const ENDS = [
  { cdktf: '0.21.0', constructs: '10.4.2' },
  { cdktf: present('cdktf'), constructs: present('constructs') },
];

/** What is installed: the parser of HCL brings four along. */
const ALL = [
  ...['cdktf', 'constructs', PACKAGE, '@cdktf/hcl2json', '@cdktf/provider-local', '@cdktf/provider-null'],
  ...['fs-extra', 'graceful-fs', 'jsonfile', 'universalify'],
].sort();

const IMPORTS = {
  cjs: [
    "const { App, TerraformProvider, TerraformStack } = require('cdktf');",
    `const { addEnvironment, ProxmoxCluster, readEnvironment, TfvarsFile } = require('${PACKAGE}');`,
  ],
  mjs: [
    "import { App, TerraformProvider, TerraformStack } from 'cdktf';",
    `import { addEnvironment, ProxmoxCluster, readEnvironment, TfvarsFile } from '${PACKAGE}';`,
  ],
};

const PROGRAM = `
class NullProvider extends TerraformProvider {}

const app = new App();
const stack = new TerraformStack(app, 'own');
const nuc = new ProxmoxCluster(stack, 'nuc', { endpoint: 'https://nuc.example.net:8006', apiToken: 'root@pam!tofu' });
new TfvarsFile(new TerraformStack(app, 'consumer'), 'tfvars', { clusters: [nuc], file: 'out/terraform.tfvars' });
new NullProvider(stack, 'mine', {
  terraformResourceType: 'null',
  terraformGeneratorMetadata: { providerName: 'null', providerVersionConstraint: '3.3.1' },
  terraformProviderSource: 'hashicorp/null',
});
readEnvironment('node_modules/${PACKAGE}/env/lab.tfvars').then((lab) => {
  addEnvironment(app, lab);
  app.synth();
});
`;

const TYPED = `
import { App, TerraformStack } from 'cdktf';
import { type ClusterEntry, InvalidInput, ProxmoxCluster, type ProxmoxClusterProps, Refusal, TfvarsFile } from '${PACKAGE}';
const props: ProxmoxClusterProps = { endpoint: 'https://nuc.example.net:8006', apiToken: 'root@pam!tofu' };
const stack = new TerraformStack(new App(), 'own');
const nuc = new ProxmoxCluster(stack, 'nuc', props);
export const file: TfvarsFile = new TfvarsFile(stack, 'tfvars', { clusters: [nuc], file: 'out/terraform.tfvars' });
export const texts: readonly string[] = [nuc.endpoint, nuc.identity, nuc.secret, nuc.apiToken, file.resource.fqn];
export const entry: ClusterEntry = nuc.entry;
export const fixes = (error: unknown): readonly string[] =>
  error instanceof InvalidInput ? error.problems.map(({ fix }) => fix) : error instanceof Refusal ? [error.fix] : [];
// @ts-expect-error: an endpoint is no number
new ProxmoxCluster(stack, 'wrong', { ...props, endpoint: 1 });
`;

const RESOLUTIONS = [
  { typescript: 'before', module: 'commonjs', moduleResolution: 'node', files: ['typed.ts'] },
  { typescript: 'before', module: 'nodenext', moduleResolution: 'nodenext', files: ['typed.ts', 'typed.mts'] },
  { typescript: 'present', module: 'nodenext', moduleResolution: 'nodenext', files: ['typed.ts', 'typed.mts'] },
  { typescript: 'present', module: 'esnext', moduleResolution: 'bundler', files: ['typed.ts', 'typed.mts'] },
] as const;

const archives = elsewhere();
const { archive } = pack(archives.folder);
afterAll(archives.remove);

describe.each(ENDS)('a project with cdktf $cdktf and constructs $constructs', (others) => {
  const { folder, remove } = elsewhere();
  beforeAll(() => install(folder, archive, others));
  afterAll(remove);

  const synthesize = (kind: keyof typeof IMPORTS) => {
    rmSync(join(folder, 'cdktf.out'), { recursive: true, force: true });
    writeFileSync(join(folder, `main.${kind}`), IMPORTS[kind].join('\n') + PROGRAM);
    node(folder, `main.${kind}`);
    return ['lab', 'own', 'consumer'].map((name) => readJson(folder, 'cdktf.out/stacks', name, 'cdk.tf.json'));
  };

  test('gets one copy of each, and nothing of what is bundled', () => {
    expect(installed(folder)).toEqual(ALL);
  });

  test('synthesizes the same from CommonJS and from an ES module, with a provider that it makes last', () => {
    const [lab, own, consumer] = synthesize('cjs');
    expect(synthesize('mjs')).toEqual([lab, own, consumer]);
    expect(own.provider).toEqual({ null: [{}] });
    expect(own.terraform.required_providers).toEqual({ null: { source: 'hashicorp/null', version: '3.3.1' } });
    const range = (name: string) => lab.terraform.required_providers[name].version;
    expect([range('null'), range('local')]).toEqual(['~> 3.2', '~> 2.6']);
    expect(Object.keys(consumer.output)).toEqual(['tfvars_file']);
  });

  test('has the very classes in both kinds of modules', () => {
    const same = `import * as all from '${PACKAGE}'; import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('${PACKAGE}');
      console.log(Object.keys(required).filter((name) => required[name] !== all[name]).join());`;
    writeFileSync(join(folder, 'same.mjs'), same);
    expect(node(folder, 'same.mjs')).toBe('\n');
  });

  test('runs the command and the bootstrap program', () => {
    expect(node(folder, 'node_modules/.bin/proxmox-tokens', 'privileges', 'csi')).toContain('Datastore.Audit');
    const copy = join(folder, 'apart', 'bootstrap.cjs');
    mkdirSync(join(folder, 'apart'));
    cpSync(join(folder, 'node_modules', PACKAGE, 'dist/bootstrap.cjs'), copy);
    expect(() => node(folder, copy)).toThrow('There is no verb');
  });

  test.each(RESOLUTIONS)('type-checks with the resolution $moduleResolution ($typescript)', (given) => {
    const { typescript, module, moduleResolution, files } = given;
    for (const file of files) writeFileSync(join(folder, file), TYPED);
    // An old library, no types of Node, and every declaration looked at.
    const options = { strict: true, noEmit: true, target: 'es2018', lib: ['es2018'], types: [], skipLibCheck: false };
    const config = { compilerOptions: { ...options, module, moduleResolution }, files };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(node(folder, join(TYPESCRIPT[typescript], 'bin/tsc'), '-p', 'tsconfig.json')).toBe('');
  });
});

test('a project with an older cdktf is told so by npm, and gets no second copy', () => {
  const { folder, remove } = elsewhere();
  onTestFinished(remove);
  expect(() => install(folder, archive, { cdktf: '0.20.12', constructs: '10.3.0' })).toThrow('ERESOLVE');
});
