import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { expect, onTestFinished, test } from 'vitest';
import { addEnvironment, InvalidInput, readEnvironment } from '../../constructs';

const OF_JAVASCRIPT = [
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
  'resolve',
  'then',
  'toJSON',
  'node',
];

test.each(OF_JAVASCRIPT)(
  'a cluster and a file called %s are refused, or come out in the JSON under this name',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'names-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, `${name}.tfvars`);
    writeFileSync(file, `proxmox = {\n  ${name} = { endpoint = "https://nuc", api_token = "root@pam!ci" }\n}\n`);
    const environment = await readEnvironment(file).catch((error: unknown) => error);
    if (environment instanceof InvalidInput) {
      expect(environment.problems.map(({ what }) => what)).toEqual([
        expect.stringMatching(/^the name is /),
        expect.stringMatching(/^the name is /),
      ]);
      return;
    }
    const app = new App({ outdir: join(folder, 'cdktf.out') });
    addEnvironment(app, environment as Awaited<ReturnType<typeof readEnvironment>>);
    app.synth();
    const json = JSON.parse(readFileSync(join(app.outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'));
    expect(Object.keys(json.locals.revocation)).toEqual([name]);
    expect(json.resource.null_resource[`${name}_token`].triggers.identity).toBe('root@pam!ci');
  },
);
