import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { buildCli, runCliProcess } from './bundled';

const ROOT = resolve(__dirname, '../..');
const isBuiltin = (name: string) => builtinModules.includes(name.replace(/^node:/, ''));

function requiredBy(file: string): string[] {
  const calls = readFileSync(file, 'utf8').matchAll(/\b(?:require|createRequire|dlopen|import)\((.*?)\)/g);
  return [...new Set([...calls].map(([, argument = '']) => /^"(.*)"$/.exec(argument)?.[1] ?? argument))];
}

test('the command loads what Node brings along, the parser of HCL, and ssh2 from beside it', () => {
  const cli = buildCli();
  expect(requiredBy(cli).filter((name) => !isBuiltin(name))).toEqual(['@cdktf/hcl2json', './ssh2.cjs']);
  expect(requiredBy(join(dirname(cli), 'ssh2.cjs')).filter((name) => !isBuiltin(name))).toEqual([]);
});

test('the package offers it as the program `proxmox-tokens`, and it may be run', async () => {
  const { bin, files, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect({ bin, files }).toEqual({
    bin: { 'proxmox-tokens': 'dist/cli.cjs' },
    files: expect.arrayContaining(['dist']),
  });
  expect(scripts.build).toContain('tsx cli/bundle.mts dist');
  const cli = buildCli();
  expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(statSync(cli).mode & 0o111).toBe(0o111);
  expect(await runCliProcess(cli, ['plan', '--help'], { cwd: dirname(cli) })).toMatchObject({ code: 0, stderr: '' });
});

test('a start loads neither ssh2 nor the parser', async () => {
  const cli = buildCli();
  const [preload, log] = [`${cli}.trace.cjs`, `${cli}.loaded`];
  writeFileSync(
    preload,
    `const [Module, { appendFileSync }] = [require('node:module'), require('node:fs')];
     const load = Module._load;
     Module._load = (name, ...rest) => {
       appendFileSync(${JSON.stringify(log)}, name + '\\n');
       return load(name, ...rest);
     };`,
  );
  for (const argv of [['--help'], ['plan', '--help'], ['privileges', 'csi'], ['completion', 'bash']]) {
    writeFileSync(log, '');
    const { code } = await runCliProcess(cli, argv, { cwd: dirname(cli), node: ['--require', preload] });
    const others = readFileSync(log, 'utf8')
      .split('\n')
      .filter((name) => name !== '' && name !== cli && !isBuiltin(name));
    expect({ argv, code, others }).toEqual({ argv, code: 0, others: [] });
  }
});
