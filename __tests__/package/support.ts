import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const PACKAGE = 'cdktf-proxmox-tokens';

export const readJson = (...path: readonly string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** A version as our own lock file has it. */
export const present = (name: string): string => readJson(ROOT, 'node_modules', name, 'package.json').version;

/** The archive that would be published, of what was built last. */
export function pack(into: string): { readonly archive: string; readonly files: readonly string[] } {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
  return { archive: join(into, packed.filename), files: packed.files.map(({ path }: { path: string }) => path) };
}

/** A folder outside of the repository: inside of it Node would find what the package forgot to ask for. */
export function elsewhere(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-package-'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Makes a project of the folder that has the package and these others, as npm installs them; its words if it fails. */
export function install(folder: string, archive: string, others: Readonly<Record<string, string>>): void {
  const dependencies = { ...others, [PACKAGE]: `file:${archive}` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  installHere(folder);
}

/** As npm installs what stands in its `package.json`; its words if it fails. */
export function installHere(folder: string): void {
  // What `npm ci` has fetched for the repository is not fetched again.
  const { status, stderr } = spawnSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** What stands in its `node_modules`: `cdktf`, `a/node_modules/cdktf`. What came inside of another package counts as a part of it. */
export function installed(folder: string): string[] {
  const { packages } = readJson(folder, 'node_modules', '.package-lock.json');
  const own = Object.entries<{ inBundle?: true }>(packages).filter(([, { inBundle }]) => !inBundle);
  return own.map(([path]) => path.replace('node_modules/', '')).sort();
}

export function node(folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}

const jsii = createRequire(require.resolve('jsii/package.json', { paths: [ROOT] }));

/** The repository's TypeScript, and the last major release before it, which jsii has: it alone knows the resolution `node`. */
export const TYPESCRIPT = {
  present: join(ROOT, 'node_modules/typescript'),
  before: dirname(jsii.resolve('typescript/package.json')),
} as const;
