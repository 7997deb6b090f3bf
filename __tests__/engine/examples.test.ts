import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeProject, type Outcome } from '../../demo/project';
import { NO_ENGINE } from './support/no-engine';
import { readable } from './support/output';

const FILES = readdirSync('env').filter((name) => name.endsWith('.tfvars'));
const EXAMPLES = FILES.map((name) => basename(name, '.tfvars'));

describe('the examples through `cdktf synth`', () => {
  const project = makeProject(NO_ENGINE, process.env);
  const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
  let outcome: Outcome;

  beforeAll(async () => {
    for (const name of FILES) copyFileSync(join('env', name), join(project.folder, 'env', name));
    const path = join(project.folder, 'path');
    mkdirSync(path);
    symlinkSync(process.execPath, join(path, 'node'));
    outcome = await project.cdktf(['synth'], { environment: { PATH: path } });
  });
  afterAll(() => project.remove());

  test('need neither Terraform nor OpenTofu: Node.js alone is on the path', () => {
    expect(readable(outcome.output)).toContain(`Generated Terraform code for the stacks: ${EXAMPLES.join(', ')}`);
    expect(outcome.exit).toBe(0);
  });

  test.each(EXAMPLES)('env/%s.tfvars gives the JSON that was reviewed', (name) => {
    const made = json(join(project.folder, 'cdktf.out/stacks', name, 'cdk.tf.json'));
    expect(made).toEqual(json(join('__tests__/constructs/__snapshots__', `${name}.tf.json`)));
  });

  test('close the output folder to others: a saved plan would lie in it', () => {
    expect((statSync(join(project.folder, 'cdktf.out')).mode & 0o777).toString(8)).toBe('700');
  });
});
