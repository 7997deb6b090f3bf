/** Bundles the program into one file: `tsx bootstrap/bundle.mts OUTFILE`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { clientAlone } from './client-alone.mjs';
import { withoutNativeModules } from './without-native-modules.mjs';

/** Bundles, and adds the licence of each package that came in: whoever passes the file on passes them on with it. */
export async function bundle(outfile: string, options: BuildOptions): Promise<void> {
  const { metafile } = await build({
    ...options,
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  });
  const [output] = Object.entries(metafile.outputs).filter(([file]) => !file.endsWith('.map'));
  const inputs = Object.entries(output?.[1].inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = inputs.flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const comments = [...new Set(packages)].sort().map(licenceComment);
  const text = readFileSync(outfile, 'utf8');
  writeFileSync(
    outfile,
    text.replace(/(?=\/\/# sourceMappingURL=.*\n?$)/, () => comments.join('')),
  );
}

/** Fails where a package has none: then somebody has to look before it is passed on. */
function licenceComment(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence file`);
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('*/', '* /').trim();
  return `/*! ${name} ${version}, bundled above:\n\n${text}\n*/\n`;
}

const here = fileURLToPath(import.meta.url);
const [, script = '', outfile = 'dist/bootstrap.cjs'] = process.argv;
if (resolve(script) === here) {
  await bundle(outfile, { entryPoints: [join(here, '../main.ts')], plugins: [withoutNativeModules, clientAlone] });
}
