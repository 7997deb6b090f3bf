/** Bundles the command into one file, and ssh2 beside it: `tsx cli/bundle.mts dist`. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { withoutNativeModules } from '../bootstrap/without-native-modules.mjs';

const [, , folder = 'dist'] = process.argv;

/** Compiling ssh2 takes longer than all of Node's start, and most command lines do without it. */
const ssh2Apart: Plugin = {
  name: 'ssh2-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^ssh2$/ }, () => ({ path: './ssh2.cjs', external: true }));
  },
};

const common = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' } as const;

await build({
  ...common,
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  outfile: join(folder, 'cli.cjs'),
  banner: { js: '#!/usr/bin/env node' },
  external: ['@cdktf/hcl2json', 'cdktf', 'constructs'],
  plugins: [ssh2Apart],
});
await build({
  ...common,
  stdin: { contents: "module.exports = require('ssh2');", resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
  outfile: join(folder, 'ssh2.cjs'),
  plugins: [withoutNativeModules],
});
// npm does it for a package that it installs, and nobody for a clone.
chmodSync(join(folder, 'cli.cjs'), 0o755);
