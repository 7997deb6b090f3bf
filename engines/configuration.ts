import { join } from 'node:path';
import type { Kind } from './engine';
import type { Machine } from './machine';

/** What the user's own command-line configuration says about providers. */
export interface Configuration {
  /** The files that were read. */
  readonly files: readonly string[];
  /** Whether one of them says where providers come from, or where they are cached. */
  readonly decides: boolean;
  /** Whether one of them names an installation method, so that the registry may never be asked. */
  readonly mirrors: boolean;
  /** A `TF_CLI_CONFIG_FILE` that points nowhere. */
  readonly missing?: string;
}

/** Reads the files that the engine itself would read. */
export async function readConfiguration(machine: Machine, kind: Kind): Promise<Configuration> {
  const named = machine.environment.TF_CLI_CONFIG_FILE;
  const candidates = named ? [named] : [...(await mainFile(machine, kind)), ...(await extraFiles(machine))];
  const files: string[] = [];
  let text = '';
  for (const file of candidates) {
    const found = await machine.read(file);
    if (found === undefined) continue;
    files.push(file);
    text += `${found}\n`;
  }
  return { files, ...parseConfiguration(text), ...(named && files.length === 0 ? { missing: named } : {}) };
}

/** Looks for the two settings outside comments; the rest is the engine's business. */
export function parseConfiguration(text: string): Pick<Configuration, 'decides' | 'mirrors'> {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*(#|\/\/).*$/gm, '');
  const mirrors = /(^|[\s{,])"?provider_installation"?\s*[{:=]/.test(plain);
  return { mirrors, decides: mirrors || /(^|[\s{,])"?plugin_cache_dir"?\s*[:=]/.test(plain) };
}

/** OpenTofu reads Terraform's file where its own is absent. */
async function mainFile({ home, environment, read }: Machine, kind: Kind): Promise<string[]> {
  const terraformrc = join(home, '.terraformrc');
  if (kind === 'terraform') return [terraformrc];
  const tofurc = join(home, '.tofurc');
  if ((await read(tofurc)) !== undefined) return [tofurc];
  if ((await read(terraformrc)) !== undefined || !environment.XDG_CONFIG_HOME) return [terraformrc];
  return [join(environment.XDG_CONFIG_HOME, 'opentofu', 'tofurc')];
}

/** The engine reads these only where `TF_CLI_CONFIG_FILE` is not set. */
async function extraFiles({ home, list }: Machine): Promise<string[]> {
  const folder = join(home, '.terraform.d');
  const names = await list(folder);
  return names.filter((name) => /\.tfrc(\.json)?$/.test(name)).map((name) => join(folder, name));
}
