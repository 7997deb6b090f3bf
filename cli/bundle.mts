/** Bundles the command into one file, and ssh2 beside it: `tsx cli/bundle.mts dist`. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { bundle } from '../bootstrap/bundle.mjs';
import { clientAlone } from '../bootstrap/client-alone.mjs';
import { withoutNativeModules } from '../bootstrap/without-native-modules.mjs';

const [, , folder = 'dist'] = process.argv;

/** Compiling ssh2 takes longer than all of Node's start, and most command lines do without it. */
const ssh2Apart: Plugin = {
  name: 'ssh2-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^ssh2$/ }, () => ({ path: './ssh2.cjs', external: true }));
  },
};

await bundle(join(folder, 'cli.cjs'), {
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  banner: { js: '#!/usr/bin/env node' },
  external: ['@cdktf/hcl2json', 'cdktf', 'constructs'],
  plugins: [ssh2Apart],
});
await bundle(join(folder, 'ssh2.cjs'), {
  stdin: { contents: "module.exports = require('ssh2');", resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
  plugins: [withoutNativeModules, clientAlone],
});
// npm does it for a package that it installs, and nobody for a clone.
chmodSync(join(folder, 'cli.cjs'), 0o755);
