/** Small executables that stand for the node's programs where a real shell runs. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { PROGRAMS } from './builtin';

export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

let bundled: string | undefined;

/** One file without dependencies, so that a shim starts as fast as node itself. */
function bundle(): string {
  bundled ??=
    buildSync({
      entryPoints: [join(__dirname, 'shim-main.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'warning',
    }).outputFiles[0]?.text ?? '';
  return bundled;
}

export const binFolder = (root: string): string => join(root, 'bin');

/** Folders served already; a later process replaces what an earlier one left. */
const served = new Set<string>();

/** Another process may be starting the old file just now. */
function replace(file: string, text: string, mode: number): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}

export function installShims(root: string): void {
  if (served.has(root) && existsSync(join(root, 'bin', 'pveum'))) return;
  served.add(root);
  const folder = binFolder(root);
  const program = join(root, 'var', 'shim.cjs');
  mkdirSync(folder, { recursive: true });
  replace(program, bundle(), 0o644);
  for (const name of [...Object.keys(PROGRAMS), 'sudo']) {
    const line = `SIMULATOR_ROOT=${quote(root)} exec ${quote(process.execPath)} ${quote(program)} ${name} "$@"`;
    replace(join(folder, name), `#!/bin/sh\n${line}\n`, 0o755);
  }
}
