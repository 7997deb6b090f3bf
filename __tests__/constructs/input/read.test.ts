import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidInput } from '../../../constructs/input/problem';
import { readEnvironment, readEnvironments } from '../../../constructs/input/read';
import { Refusal } from '../../../contract/refusal';

const EMPTY = 'proxmox = {}\n';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'env-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** The message of the refusal, with the folder called `env`. */
async function refusal(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(InvalidInput);
  expect(error).toBeInstanceOf(Refusal);
  return error instanceof Error ? error.message.replaceAll(folder, 'env') : '';
}

describe('one env file', () => {
  test('may be JSON', async () => {
    const map = { nuc: { endpoint: 'https://nuc.example.net', api_token: 'root@pam!ci', zone: 'a' } };
    await write({ 'lab.tfvars.json': JSON.stringify({ proxmox: map }) });
    const { name, clusters, outputs } = await readEnvironment(join(folder, 'lab.tfvars.json'));
    expect([name, clusters.map(({ attributes }) => attributes)]).toEqual(['lab', [map.nuc]]);
    expect(outputs).toEqual([{ file: 'env/lab/terraform.tfvars', format: 'map', variable: 'proxmox' }]);
  });

  test('keeps the order of its clusters and keys', async () => {
    await write({
      'lab.tfvars':
        'proxmox = {\n z = { endpoint = "https://z", api_token = "root@pam!ci", a = 1 }\n a = { b = 1, api_token = "root@pam!ci", endpoint = "https://a" }\n}',
    });
    const { clusters } = await readEnvironment(join(folder, 'lab.tfvars'));
    expect(clusters.map(({ attributes }) => Object.keys(attributes))).toEqual([
      ['endpoint', 'api_token', 'a'],
      ['b', 'api_token', 'endpoint'],
    ]);
  });

  test('may begin with a byte order mark and have Windows line ends', async () => {
    await write({ 'lab.tfvars': '\ufeffproxmox = {\r\n}\r\n' });
    expect((await readEnvironment(join(folder, 'lab.tfvars'))).clusters).toEqual([]);
  });

  test('must be there', async () => {
    expect(await refusal(readEnvironment(join(folder, 'lab.tfvars')))).toBe(
      'env/lab.tfvars: 1 problem\nenv/lab.tfvars: cannot be read\n  why: There is nothing of that name.\n  fix: Check the path, and that you may read it.',
    );
  });

  test('must be text', async () => {
    await write({ 'lab.tfvars': Uint8Array.of(0x61, 0xff) });
    expect(await refusal(readEnvironment(join(folder, 'lab.tfvars')))).toContain('env/lab.tfvars: is not UTF-8 text\n');
  });

  test('must be a file', async () => {
    await mkdir(join(folder, 'lab.tfvars'));
    expect(await refusal(readEnvironment(join(folder, 'lab.tfvars')))).toContain('why: The system answered EISDIR.');
  });

  test('must be called so', async () => {
    expect(await refusal(readEnvironment(join(folder, 'lab.tf')))).toContain(
      'env/lab.tf: is not named like an env file',
    );
  });
});

describe('a folder of env files', () => {
  test('is read in the order of the names, and nothing else in it', async () => {
    await write({
      'b.tfvars': EMPTY,
      'a.tfvars.json': '{"proxmox":{}}',
      'README.md': 'x',
      'terraform.tfvars.backup': 'x',
    });
    await mkdir(join(folder, 'c'));
    expect((await readEnvironments(folder)).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('tells the problems of every file at once', async () => {
    await write({ 'a.tfvars': 'x = 1', 'b.tfvars': EMPTY, 'c.tfvars': '{' });
    const message = await refusal(readEnvironments(folder));
    expect(message).toMatch(/^env: 2 problems\nenv\/a\.tfvars: is not an env file\n/);
    expect(message).toContain('\nenv/c.tfvars:1: cannot be read: the `{` that opens here is never closed');
  });

  test('has no name twice', async () => {
    await write({ 'a.tfvars': EMPTY, 'a.tfvars.json': '{"proxmox":{}}' });
    expect(await refusal(readEnvironments(folder))).toContain('env/a.tfvars.json: is there as a.tfvars too\n');
  });

  test('passes over nothing that looks like an env file', async () => {
    await write({ 'lab.hcl': EMPTY, 'X.TFVARS': EMPTY, 'notes.txt': '' });
    await mkdir(join(folder, 'x.tfvars'));
    await mkdir(join(folder, 'lab'));
    expect(await refusal(readEnvironments(folder))).toMatchInlineSnapshot(`
      "env: 3 problems
      env/X.TFVARS: is not named like an env file
        why: Env files are files that end in .tfvars or .tfvars.json, in small letters. Nothing else is read.
        fix: Rename it, or move it out of this folder.
      env/lab.hcl: is not named like an env file
        why: Env files are files that end in .tfvars or .tfvars.json, in small letters. Nothing else is read.
        fix: Rename it, or move it out of this folder.
      env/x.tfvars: is a folder
        why: Env files are files that end in .tfvars or .tfvars.json, in small letters. Nothing else is read.
        fix: Rename it, or move it out of this folder."
    `);
  });

  test('has no two environments that write one file', async () => {
    const text = `${EMPTY}output = { file = "../consumer/terraform.tfvars" }`;
    await write({ 'a.tfvars': text, 'b.tfvars': text });
    expect(await refusal(readEnvironments(folder))).toContain(
      'env/b.tfvars: output: writes ../consumer/terraform.tfvars, as a does\n',
    );
  });

  const entry = (bootstrap: string, more = '') =>
    `proxmox = {\n  nuc = { endpoint = "https://nuc", api_token = "jo@pve!ci${more}", bootstrap = { role = "r", ${bootstrap} } }\n}\n`;

  test('has no token twice', async () => {
    await write({ 'a.tfvars': entry('preset = "opentofu"'), 'b.tfvars': entry('preset = "opentofu"') });
    expect(await refusal(readEnvironments(folder))).toMatchInlineSnapshot(`
      "env: 1 problem
      env/b.tfvars: proxmox.nuc.api_token: is also the token of "nuc" of env/a.tfvars on nuc
        why: Each of the two would take the secret of the other away.
        fix: Give each entry a token of its own, or keep one of them."
    `);
  });

  test('gives a role of one name one list of privileges', async () => {
    await write({ 'a.tfvars': entry('preset = "opentofu"'), 'b.tfvars': entry('privileges = ["VM.Audit"]', '2') });
    expect(await refusal(readEnvironments(folder))).toMatchInlineSnapshot(`
      "env: 1 problem
      env/b.tfvars: proxmox.nuc.bootstrap.role: is also the role of "nuc" of env/a.tfvars on nuc, with other privileges
        why: There is one role of a name on a node: each deploy would undo the other half.
        fix: Give both the same preset or privileges, or choose another role name."
    `);
  });

  test('may share a role of one list, and a token of the same name on another node', async () => {
    await write({
      'a.tfvars': entry('preset = "opentofu"'),
      'b.tfvars': entry('preset = "opentofu"', '2'),
      'c.tfvars': entry('preset = "ccm", ssh = { host = "other" }'),
    });
    expect(await readEnvironments(folder)).toHaveLength(3);
  });

  test('has no two environments with one stack', async () => {
    await write({ 'a.tfvars': `${EMPTY}output = { own_stack = true }`, 'a-tfvars.tfvars': EMPTY });
    expect(await refusal(readEnvironments(folder))).toMatchInlineSnapshot(`
      "env: 1 problem
      env/a.tfvars: output: has a stack \`a-tfvars\` of its own, and so has env/a-tfvars.tfvars
        why: A stack is one state: the two would take turns in destroying what the other made.
        fix: Rename env/a-tfvars.tfvars, or leave own_stack out."
    `);
  });

  test('may have a file of such a name where there is no such stack', async () => {
    await write({ 'a.tfvars': EMPTY, 'a-tfvars.tfvars': EMPTY });
    expect(await readEnvironments(folder)).toHaveLength(2);
  });

  test('must be there', async () => {
    expect(await refusal(readEnvironments(join(folder, 'no')))).toContain('env/no: cannot be read\n');
  });
});

describe('the examples', () => {
  test('are fine, and this is what they mean', async () => {
    const environments = await readEnvironments('env');
    const ours = environments.filter(({ name }) => ['lab', 'separated', 'single'].includes(name));
    expect(ours.map(({ name }) => name)).toEqual(['lab', 'separated', 'single']);
    expect(ours).toMatchSnapshot();
  });

  test.each(['lab', 'separated', 'single'])('of which %s says so in its head', async (name) => {
    expect(await readFile(`env/${name}.tfvars`, 'utf8')).toMatch(/^# /);
  });
});
