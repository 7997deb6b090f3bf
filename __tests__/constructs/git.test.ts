import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ProxmoxCluster, TfvarsFile } from '../../constructs';
import { wouldBeCommitted } from '../../constructs/git';

const folder = mkdtempSync(join(tmpdir(), 'git-'));
const repository = join(folder, 'repository');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(repository);
  execFileSync('git', ['init', '--quiet'], { cwd: repository });
  writeFileSync(join(repository, '.gitignore'), 'out/\n');
});

test.each([
  ['repository/terraform.tfvars', true],
  ['repository/new/folder/terraform.tfvars', true],
  ['repository/out/terraform.tfvars', false],
  ['repository/out/new/terraform.tfvars', false],
  ['terraform.tfvars', false],
])('git would take %s: %s', (file, taken) => {
  expect(wouldBeCommitted(join(folder, file))).toBe(taken);
});

test('without git nobody would take it', () => {
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  process.env.PATH = '/nonexistent';
  expect(wouldBeCommitted(join(repository, 'terraform.tfvars'))).toBe(false);
});

test.each([
  ['terraform.tfvars', 1],
  ['out/terraform.tfvars', 0],
])('%s draws %i warnings at synthesis', (file, warnings) => {
  const app = new App({ outdir: join(folder, 'cdktf.out') });
  const stack = new TerraformStack(app, 'lab');
  const nuc = new ProxmoxCluster(stack, 'nuc', { endpoint: 'https://nuc', apiToken: 'root@pam!ci' });
  new TfvarsFile(stack, 'tfvars', { clusters: [nuc], file: relative('.', join(repository, file)) });
  app.synth();
  const { annotations } = app.manifest.forStack(stack);
  expect(annotations).toHaveLength(warnings);
  for (const { message } of annotations) expect(message).toMatch(/will hold secrets, and git does not ignore it\./);
});
