import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from '../context';
import { WELL } from '../exit';
import { appFolderTaken, packFailed } from './refusals';

/** What the app needs beside the package, in the releases that this one was tried with. */
const DEPENDENCIES = ['cdktf', 'constructs'];
const TOOLS = ['cdktf-cli', 'tsx', 'typescript'];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Makes an app of one's own in a folder that is empty or not there: a dozen lines, `env/` for the env files, and the package as an
 * archive beside them. An update of the package then never meets the env files.
 */
export async function initApp(wanted: string, { folder, terminal }: Context): Promise<number> {
  const target = resolve(folder, wanted);
  const shown = relative(folder, target) || '.';
  if (existsSync(target) && (await readdir(target)).length > 0) throw appFolderTaken(shown);
  const root = packageFolder();
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  await mkdir(join(target, 'env'), { recursive: true });
  const archive = await pack(root, target);
  for (const [name, text] of Object.entries(filesOf(manifest, archive))) await writeFile(join(target, name), text);
  terminal.print(`${shown}: an app of your own, with ${archive} beside it`);
  terminal.print(`next: cd ${shown} && npm install && npx proxmox-tokens init HOST`);
  return WELL;
}

function filesOf({ name, devDependencies }: Manifest, archive: string): Readonly<Record<string, string>> {
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((one) => [one, devDependencies[one]]));
  const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    'package.json': json({
      private: true,
      scripts: { synth: 'tsx main.ts' },
      dependencies: { ...versions(DEPENDENCIES), [name]: `file:${archive}` },
      devDependencies: versions(TOOLS),
    }),
    'cdktf.json': json({
      language: 'typescript',
      app: 'node --import tsx main.ts',
      projectId: randomUUID(),
      sendCrashReports: 'false',
    }),
    'main.ts': mainFor(name),
    '.gitignore': IGNORED,
  };
}

const mainFor = (name: string) => `import { App } from 'cdktf';
import { addEnvironment, readEnvironments } from '${name}';

async function main(): Promise<void> {
  const app = new App();
  for (const environment of await readEnvironments('env')) addEnvironment(app, environment);
  app.synth();
}

main().catch((error: unknown) => {
  process.stderr.write(\`\${error instanceof Error ? error.message : String(error)}\\n\`);
  process.exitCode = 1;
});
`;

const IGNORED = `node_modules/
cdktf.out/

# Secrets live here: outputs, state, hand-off files.
env/*/
!env/ca/
*.tfvars
*.tfvars.json
!env/*.tfvars
!env/*.tfvars.json
*.tfstate
*.tfstate.*
.handoff/
`;

/** The package that this command is a part of. */
function packageFolder(): string {
  for (let at = __dirname; ; at = dirname(at)) if (existsSync(join(at, 'package.json'))) return at;
}

async function pack(root: string, target: string): Promise<string> {
  try {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', target];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: root });
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    return packed?.filename ?? '';
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw packFailed((stderr ?? String(error)).trim().split('\n').at(-1) ?? '');
  }
}
