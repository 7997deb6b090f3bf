/** Bundles the program into one file: `tsx bootstrap/bundle.mts OUTFILE`. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withoutNativeModules } from './without-native-modules.mjs';

await build({
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  outfile: process.argv[2],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  plugins: [withoutNativeModules],
});
