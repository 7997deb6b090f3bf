import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json, OutputSpec } from '../../../constructs/input/entry';
import { parseHcl } from '../../../constructs/input/parse';
import { renderOutput } from '../../../constructs/render/output';
import { attributesWith, plainKey, text } from './arbitrary';

const MAP: OutputSpec = { file: 'terraform.tfvars', format: 'map', variable: 'proxmox' };
const JSON_MAP: OutputSpec = { ...MAP, file: 'terraform.tfvars.json' };
const TOKEN = 'root@pam!ci=c0ffee00-1234-4abc-8def-0123456789ab';
const hasTerraform = spawnSync('terraform', ['version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'render-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Attributes = Record<string, Json>;

const render = (spec: OutputSpec, entries: readonly Attributes[], token = TOKEN) =>
  renderOutput(
    spec,
    entries.map((attributes, index) => ({ entry: { name: `c${index}`, identity: 'root@pam!ci', attributes }, token })),
  );

/** What a consumer is to see. */
const wanted = (entries: readonly Attributes[]) => ({
  proxmox: Object.fromEntries(
    entries.map((entry, index) => [
      `c${index}`,
      Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, key === 'api_token' ? TOKEN : value])),
    ]),
  ),
});

const attributes = attributesWith(text);

describe('what is written is what was read', () => {
  test('in HCL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(attributes, { maxLength: 3 }), async (entries) => {
        const parsed = await parseHcl(render(MAP, entries));
        expect('values' in parsed ? parsed.values : parsed.fault).toEqual(wanted(entries));
      }),
      { numRuns: 200 },
    );
  });

  test('in JSON', () => {
    fc.assert(
      fc.property(fc.array(attributes, { maxLength: 3 }), (entries) => {
        const text = render(JSON_MAP, entries);
        expect(JSON.parse(text)).toEqual(wanted(entries));
        expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
      }),
      { numRuns: 500 },
    );
  });
});

// A few dozen entries at once: an engine takes a second to start.
const samples = fc.sample(attributes, { seed: 7, numRuns: 60 });

describe.skipIf(!hasTerraform)('terraform', () => {
  test('fmt has nothing to change', () => {
    const file = join(folder, 'fmt.tfvars');
    writeFileSync(file, render(MAP, fc.sample(attributesWith(plainKey), { seed: 7, numRuns: 200 })));
    const { stdout, status } = spawnSync('terraform', ['fmt', '-check', '-diff', file], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  test.each(['lab', 'separated', 'single'])('fmt has nothing to change in env/%s.tfvars', (name) => {
    expect(spawnSync('terraform', ['fmt', '-check', `env/${name}.tfvars`]).status).toBe(0);
  });

  test.each([MAP, JSON_MAP])('evaluates $file as a template, and only the tokens in it', async (spec) => {
    const secret = TOKEN.split('=')[1] ?? '';
    const content = render(spec, samples, 'root@pam!ci=${local.secrets["nuc"]}');
    const program = { locals: { secrets: { nuc: secret } }, output: { file: { value: content } } };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(program));
    const run = (...args: string[]) =>
      execFileSync('terraform', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
    run('apply', '-auto-approve', '-no-color');
    const file = run('output', '-raw', 'file');
    expect(file).toBe(render(spec, samples));
    expect(readFileSync(join(folder, 'main.tf.json'), 'utf8')).not.toContain(`ci=${secret}`);
    const parsed = await parseHcl(spec === MAP ? file : 'proxmox = {}');
    if (spec === MAP) expect('values' in parsed && parsed.values).toEqual(wanted(samples));
  });
});
