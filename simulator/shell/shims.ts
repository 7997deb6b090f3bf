/** Small executables that stand for the node's programs where a real shell runs. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { PROGRAMS } from '../machine/programs';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

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

export function installShims(root: string): void {
  const folder = binFolder(root);
  const program = join(root, 'var', 'shim.cjs');
  if (existsSync(join(folder, 'pveum')) && existsSync(program)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(program, bundle());
  for (const name of [...Object.keys(PROGRAMS), 'sudo', 'id']) {
    const line = `SIMULATOR_ROOT=${quote(root)} exec ${quote(process.execPath)} ${quote(program)} ${name} "$@"`;
    writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
}
