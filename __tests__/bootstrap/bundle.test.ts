import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runBundle } from '../support/program';

const ROOT = resolve(__dirname, '../..');
let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxmox-bundle-'));
  program = join(folder, 'cdktf.out/stacks/lab/bootstrap.cjs');
  execFileSync(process.execPath, ['--import', 'tsx', 'bootstrap/bundle.mts', program], { cwd: ROOT });
  return () => rmSync(folder, { recursive: true });
});

test('the bundle loads what Node brings along, and nothing else', () => {
  const calls = [...readFileSync(program, 'utf8').matchAll(/\b(?:require|createRequire|dlopen|import)\(.*?\)/g)];
  const others = calls.map(([call]) => call).filter((call) => !isBuiltin(/^require\("(.*)"\)$/.exec(call)?.[1] ?? ''));
  expect(others).toEqual([]);
  expect(calls.length).toBeGreaterThan(20);
});

const isBuiltin = (name: string) => builtinModules.includes(name.replace(/^node:/, ''));

test('native modules that somebody put in its way are not loaded', async () => {
  const loaded = join(folder, 'loaded');
  const evil = `require('node:fs').writeFileSync(${JSON.stringify(loaded)}, '')`;
  const way = ['node_modules/cpu-features/index.js', 'cdktf.out/stacks/lab/crypto/build/Release/sshcrypto.node'];
  for (const file of way.map((name) => join(folder, name))) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, evil);
  }
  const { stderr } = await runBundle(program, { cwd: dirname(program) });
  expect(stderr).toMatch(/^There is no verb/);
  expect(existsSync(loaded)).toBe(false);
});
