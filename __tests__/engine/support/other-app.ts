import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PACKAGE = 'cdktf-proxmox-tokens';
const REPOSITORY = resolve(__dirname, '..', '..', '..');

/** Makes another app of a project's folder: with this package installed from its archive, beside what it depends on. */
export function becomeOtherApp(folder: string): void {
  for (const link of ['main.ts', 'node_modules']) rmSync(join(folder, link));
  const modules = join(folder, 'node_modules');
  linkModules(join(REPOSITORY, 'node_modules'), modules);
  for (const scope of readdirSync(join(REPOSITORY, 'node_modules')).filter((name) => name.startsWith('@')))
    linkModules(join(REPOSITORY, 'node_modules', scope), join(modules, scope));
  // What `npm publish` would send, no more: the archive's own list of files decides.
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: REPOSITORY });
  const [{ files }] = JSON.parse(String(listed)) as [{ files: { path: string }[] }];
  for (const { path } of files) {
    mkdirSync(dirname(join(modules, PACKAGE, path)), { recursive: true });
    cpSync(join(REPOSITORY, path), join(modules, PACKAGE, path));
  }
}

function linkModules(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from).filter((name) => !name.startsWith('@') && !name.startsWith('.'));
  for (const name of names) symlinkSync(join(from, name), join(to, name));
}

/** What the app says of the node: the one file that the tests change. */
export interface Told {
  readonly endpoint: string;
  readonly caFile: string;
  readonly generation: string;
  /** Whether a third stack gives the token to a provider. That one is synthesized alone. */
  readonly provider: boolean;
  readonly ssh: {
    readonly host: string;
    readonly port: number;
    readonly identityFile: string;
    readonly hostKey: string;
  };
}

export function tell(folder: string, told: Told): void {
  writeFileSync(join(folder, 'told.json'), JSON.stringify(told));
}

const NAMES = {
  cdktf: ['App', 'LocalBackend', 'TerraformProvider', 'TerraformStack'],
  '@cdktf/provider-local/lib/sensitive-file': ['SensitiveFile'],
  [PACKAGE]: ['ProxmoxCluster', 'TfvarsFile'],
};

/** The same program in JavaScript and in TypeScript: the clusters in one stack, who uses their tokens in others. */
export function writeProgram(folder: string, language: 'js' | 'ts'): void {
  const imports = Object.entries(NAMES).map(([module, names]) =>
    language === 'js'
      ? `const { ${names.join(', ')} } = require('${module}');`
      : `import { ${names.join(', ')} } from '${module}';`,
  );
  imports.push(language === 'js' ? "const told = require('./told.json');" : "import told from './told.json';");
  writeFileSync(join(folder, `main.${language}`), `${imports.join('\n')}\n${PROGRAM}`);
  const app = language === 'js' ? 'node main.js' : 'node --import tsx main.ts';
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app }));
}

const PROGRAM = `
class Proxmox extends TerraformProvider {}

const app = new App();
const [tokens, consumer] = ['tokens', 'consumer'].map((name) => {
  const stack = new TerraformStack(app, name);
  new LocalBackend(stack, { path: '../../../' + name + '.tfstate' });
  return stack;
});
const { endpoint, caFile, generation, ssh } = told;
const nuc = new ProxmoxCluster(tokens, 'nuc', {
  endpoint,
  apiToken: 'opentofu@pve!opentofu-token',
  attributes: { name: 'nuc' },
  bootstrap: { role: 'opentofu-role', preset: 'opentofu', generation, caFile, ssh },
});
new TfvarsFile(consumer, 'tfvars', { clusters: [nuc], file: 'out/terraform.tfvars' });
new SensitiveFile(consumer, 'header', {
  filename: '../../../out/header',
  content: 'Authorization: PVEAPIToken=' + nuc.apiToken,
});
if (told.provider) {
  const stack = new TerraformStack(app, 'provider');
  const proxmox = new Proxmox(stack, 'proxmox', {
    terraformResourceType: 'proxmox',
    terraformGeneratorMetadata: { providerName: 'proxmox' },
    terraformProviderSource: 'bpg/proxmox',
  });
  proxmox.addOverride('api_token', nuc.apiToken);
}
app.synth();
`;
