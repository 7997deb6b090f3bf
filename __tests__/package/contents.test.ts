import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { elsewhere, node, pack, ROOT, readJson, TYPESCRIPT } from './support';

const there = elsewhere();
afterAll(there.remove);
const { files } = pack(there.folder);
const manifest = readJson(ROOT, 'package.json');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const packages = { 'ssh2.cjs': 'ssh2', 'bootstrap.cjs': 'ssh2', 'cli.cjs': undefined };

test('it holds programs, types, source maps, documents and example env files, and nothing else', () => {
  const rooms = new Set(
    files.map((file) => file.replace(/^(dist\/(?:constructs|contract)|docs)\/.*?(\.[a-z.]+)$/, '$1 $2')),
  );
  expect([...rooms].sort()).toEqual(
    [
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md', 'engines/README.md', 'docs .md'],
      'package.json',
      ...['bootstrap', 'cli', 'ssh2'].flatMap((name) => [`dist/${name}.cjs`, `dist/${name}.cjs.map`]),
      ...['.d.mts', '.d.ts', '.js', '.js.map', '.mjs', '.mjs.map'].map((ending) => `dist/constructs ${ending}`),
      ...['.d.ts', '.js', '.js.map'].map((ending) => `dist/contract ${ending}`),
      ...['lab', 'separated', 'single'].map((name) => `env/${name}.tfvars`),
    ].sort(),
  );
});

test('every link of its README leads to something that is packed', () => {
  const links = [...read('README.md').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !files.some((file) => file === link || file.startsWith(`${link}/`)))).toEqual([]);
  expect(links.length).toBeGreaterThan(5);
});

test('no script of it runs where it is installed, and what it needs there is little', () => {
  const { scripts, dependencies, peerDependencies } = manifest;
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  expect(Object.keys(dependencies)).toEqual(['@cdktf/hcl2json', '@cdktf/provider-local', '@cdktf/provider-null']);
  expect(Object.keys(peerDependencies)).toEqual(['cdktf', 'constructs']);
});

test.each(Object.entries(packages))('no require of %s leaves the package, but for what it asks for', (name) => {
  const calls = [...read(`dist/${name}`).matchAll(/\b(?:require|createRequire|dlopen|import)\((.*?)\)/g)];
  const names = calls.map(([, argument = '']) => /^"(.*)"$/.exec(argument)?.[1] ?? argument);
  const known = [...builtinModules, ...Object.keys(manifest.dependencies)];
  const others = names.filter((name) => !known.includes(name.replace(/^node:/, '')));
  expect(others.filter((name) => !files.includes(posix.join('dist', name)))).toEqual([]);
  expect(names.length).toBeGreaterThan(5);
});

test('the constructs load what the package asks for, and nothing else', () => {
  const scripts = files.filter((file) => /^dist\/con.*\.js$/.test(file)).map(read);
  const calls = scripts.flatMap((text) => [...text.matchAll(/\brequire\("((?:@[^/"]+\/)?[^./"][^/"]*)/g)]);
  const names = calls.map(([, name = '']) => name);
  const asked = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  expect([...new Set(names.filter((name) => !name.startsWith('node:')))].sort()).toEqual(asked.sort());
});

test.each(Object.entries(packages))('%s passes on the licence of every package in it', (name, least) => {
  const text = read(`dist/${name}`);
  const inside = [...text.matchAll(/^\/\/ (node_modules\/(?:@[^/\n]+\/)?[^/\n]+)/gm)].map(([, folder = '']) => folder);
  const told = [...text.matchAll(/^\/\*! (\S+) \S+, bundled above:\n\n(.*?)\n\*\/$/gms)];
  expect(told.map(([, name]) => `node_modules/${name}`)).toEqual([...new Set(inside)].sort());
  if (least !== undefined) expect(told.map(([, name]) => name)).toContain(least);
  for (const [, name, licence] of told) expect(read(`node_modules/${name}/LICENSE`).trim()).toBe(licence);
});

test('its source maps bring their sources along, and name no folder of who built it', () => {
  const maps = files.filter((file) => file.endsWith('.map')).map((file) => ({ ...readJson(ROOT, file), file }));
  const wrong = maps.filter(({ file, sources, sourcesContent }) => {
    const outside = sources.filter((source: string) => posix.join(dirname(file), source).startsWith('..'));
    return outside.length > 0 || sourcesContent.length !== sources.length;
  });
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('every type that its interface mentions is exported', () => {
  const index = join(ROOT, 'dist/constructs/index.d.ts');
  expect(node(ROOT, join(__dirname, 'hidden-types.mjs'), TYPESCRIPT.before, index)).toBe('');
});
