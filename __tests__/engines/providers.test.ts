import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Stack, useEngine, useFolders } from './support';

/** What the published providers do, and the stand-ins have to do alike. Runs on whichever of them there is. */
const engine = useEngine();
const emptyFolder = useFolders();

async function aStack(configuration: object): Promise<Stack> {
  const stack = new Stack(await emptyFolder(), engine());
  await stack.write(configuration);
  return stack;
}

const SECRET = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';

const sensitiveFile = (more: object) => ({ resource: { local_sensitive_file: { out: more } } });
const nullResource = (triggers: object) => ({ resource: { null_resource: { it: { triggers } } } });

const permissionsOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
const underUmask = (mode: number) => (mode & ~process.umask()).toString(8);
const digest = (name: string, text: string, form: 'hex' | 'base64') => createHash(name).update(text).digest(form);

describe('local_sensitive_file', () => {
  const inFolder = { filename: 'made/here/out.tfvars', content: `${SECRET}\n`, file_permission: '0600' };

  test('is written with its permissions into a private folder, and then the plan is clean', async () => {
    const stack = await aStack(sensitiveFile(inFolder));
    await stack.apply();
    expect(await readFile(stack.path(inFolder.filename), 'utf8')).toBe(`${SECRET}\n`);
    expect(await permissionsOf(stack.path(inFolder.filename))).toBe('600');
    expect(await permissionsOf(stack.path('made/here'))).toBe('700');
    expect(await stack.plan()).toEqual([]);
  });

  test('has 0700 for its defaults, and every checksum of its content', async () => {
    const stack = await aStack(sensitiveFile({ filename: 'out', content: 'plain' }));
    await stack.apply();
    expect(await permissionsOf(stack.path('out'))).toBe('700');
    expect(await stack.attributes('local_sensitive_file.out')).toEqual({
      content: 'plain',
      content_base64: null,
      source: null,
      filename: 'out',
      file_permission: '0700',
      directory_permission: '0700',
      id: digest('sha1', 'plain', 'hex'),
      content_md5: digest('md5', 'plain', 'hex'),
      content_sha1: digest('sha1', 'plain', 'hex'),
      content_sha256: digest('sha256', 'plain', 'hex'),
      content_base64sha256: digest('sha256', 'plain', 'base64'),
      content_sha512: digest('sha512', 'plain', 'hex'),
      content_base64sha512: digest('sha512', 'plain', 'base64'),
    });
  });

  test('is created again when it was deleted or altered', async () => {
    const stack = await aStack(sensitiveFile(inFolder));
    await stack.apply();
    await rm(stack.path(inFolder.filename));
    expect(await stack.plan()).toEqual([['local_sensitive_file.out', 'create']]);
    await stack.apply();
    await writeFile(stack.path(inFolder.filename), 'altered');
    expect(await stack.plan()).toEqual([['local_sensitive_file.out', 'create']]);
    await stack.apply();
    expect(await readFile(stack.path(inFolder.filename), 'utf8')).toBe(`${SECRET}\n`);
  });

  test('is replaced when its content or its permissions change', async () => {
    const stack = await aStack(sensitiveFile(inFolder));
    await stack.apply();
    for (const change of [{ content: 'other' }, { file_permission: '0640' }, { filename: 'elsewhere' }]) {
      await stack.write(sensitiveFile({ ...inFolder, ...change }));
      expect(await stack.plan()).toEqual([['local_sensitive_file.out', 'delete, create']]);
    }
  });

  test('shows its content in no text', async () => {
    const stack = await aStack(sensitiveFile(inFolder));
    await stack.plan();
    await stack.apply();
    await stack.write(sensitiveFile({ ...inFolder, content: `${SECRET} changed` }));
    await stack.apply();
    await stack.destroy();
    expect(stack.said).toContain('(sensitive value)');
    expect(stack.said).not.toContain(SECRET);
  });

  test('takes base64 or a source file in the place of content', async () => {
    const stack = await aStack({
      resource: {
        local_sensitive_file: {
          coded: { filename: 'coded', content_base64: Buffer.from('bytes').toString('base64') },
          copied: { filename: 'copied', source: 'main.tf.json' },
        },
      },
    });
    await stack.apply();
    expect(await readFile(stack.path('coded'), 'utf8')).toBe('bytes');
    expect(await readFile(stack.path('copied'), 'utf8')).toBe(await readFile(stack.path('main.tf.json'), 'utf8'));
  });

  test('refuses two contents, no content, and permissions that are not octal', async () => {
    const two = await aStack(sensitiveFile({ filename: 'out', content: 'a', content_base64: 'YQ==' }));
    expect(await two.refusedPlan()).toContain('Invalid Attribute Combination');
    await two.write(sensitiveFile({ filename: 'out' }));
    expect(await two.refusedPlan()).toContain('Invalid Attribute Combination');
    await two.write(sensitiveFile({ filename: 'out', content: 'a', file_permission: '0888' }));
    expect(await two.refusedPlan()).toContain('Invalid File Permission String Value');
  });

  test('is removed by destroy, and its folder stays', async () => {
    const stack = await aStack(sensitiveFile(inFolder));
    await stack.apply();
    await stack.destroy();
    await expect(stat(stack.path(inFolder.filename))).rejects.toThrow('ENOENT');
    expect((await stat(stack.path('made/here'))).isDirectory()).toBe(true);
  });

  test('is no trouble to destroy when the file is gone already', async () => {
    const stack = await aStack(sensitiveFile(inFolder));
    await stack.apply();
    await rm(stack.path('made'), { recursive: true });
    await stack.destroy();
    expect(await stack.plan()).toEqual([['local_sensitive_file.out', 'create']]);
  });
});

describe('local_file', () => {
  test('shows its content, and has 0777 for its default', async () => {
    const stack = await aStack({ resource: { local_file: { out: { filename: 'out', content: 'in the open' } } } });
    await stack.apply();
    expect(stack.said).toContain('in the open');
    expect(await permissionsOf(stack.path('out'))).toBe(underUmask(0o777));
    expect(await stack.plan()).toEqual([]);
  });
});

describe('null_resource', () => {
  test('gets a number for an id, and keeps it', async () => {
    const stack = await aStack(nullResource({ a: '1' }));
    await stack.apply();
    const made = await stack.attributes('null_resource.it');
    expect(made).toEqual({ id: expect.stringMatching(/^\d+$/), triggers: { a: '1' } });
    await stack.apply();
    expect(await stack.attributes('null_resource.it')).toEqual(made);
    expect(await stack.plan()).toEqual([]);
  });

  test.for([
    ['changes', { a: '2' }],
    ['goes', {}],
    ['comes', { a: '1', b: '1' }],
  ] as const)('is replaced when a trigger %s', async ([, triggers]) => {
    const stack = await aStack(nullResource({ a: '1' }));
    await stack.apply();
    const { id } = await stack.attributes('null_resource.it');
    await stack.write(nullResource(triggers));
    expect(await stack.plan()).toEqual([['null_resource.it', 'delete, create']]);
    await stack.apply();
    expect(await stack.attributes('null_resource.it')).toEqual({ id: expect.not.stringMatching(`^${id}$`), triggers });
  });

  test('keeps its id when a trigger without a value comes', async () => {
    const stack = await aStack(nullResource({ a: '1' }));
    await stack.apply();
    const { id } = await stack.attributes('null_resource.it');
    await stack.write(nullResource({ a: '1', b: null }));
    expect(await stack.plan()).toEqual([['null_resource.it', 'update']]);
    await stack.apply();
    expect((await stack.attributes('null_resource.it')).id).toBe(id);
  });

  test('runs its provisioners when made and when destroyed', async () => {
    const local_exec = (command: string, when: string) => ({ 'local-exec': { command, when } });
    const provisioner = [local_exec('echo made > log', 'create'), local_exec('echo gone >> log', 'destroy')];
    const stack = await aStack({ resource: { null_resource: { it: { provisioner } } } });
    await stack.apply();
    await stack.destroy();
    expect(await readFile(stack.path('log'), 'utf8')).toBe('made\ngone\n');
  });
});

test('null_data_source hands its inputs on', async () => {
  const stack = await aStack({ data: { null_data_source: { it: { inputs: { a: 'b' } } } } });
  await stack.apply();
  expect(await stack.attributes('data.null_data_source.it')).toMatchObject({
    id: 'static',
    outputs: { a: 'b' },
    has_computed_default: 'default',
  });
});
