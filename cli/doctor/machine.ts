import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findBinary } from '../../engines/binary';
import { readConfiguration } from '../../engines/configuration';
import type { Binary } from '../../engines/engine';
import { type Machine, thisMachine } from '../../engines/machine';
import type { Context } from '../context';
import { type Check, codes } from './check';
import type { Found } from './finding';
import { once } from './once';
import { askRegistry } from './registry';

/** The machine that deploys. */
export interface MachineSubject {
  readonly context: Context;
  readonly machine: Machine;
  readonly engine: () => Promise<Binary>;
}

export function machineSubject(context: Context): MachineSubject {
  const machine = { ...thisMachine(context.environment), home: context.machine.home };
  return { context, machine, engine: once(() => findBinary(machine)) };
}

const OLDEST_NODE = 20;
const REGISTRIES = { terraform: 'registry.terraform.io', tofu: 'registry.opentofu.org' } as const;

export const MACHINE_CHECKS: readonly Check<MachineSubject>[] = [
  { name: 'node', about: 'Node.js on PATH, which runs the steps of a deploy', find: findNode },
  { name: 'project', about: 'cdktf.json and `cdktf`', find: findProject },
  {
    name: 'engine',
    about: 'Terraform or OpenTofu, and its version',
    owns: codes('ENGINE_NOT_FOUND', 'NAMED_ENGINE_NOT_FOUND', 'ENGINE_UNREADABLE', 'ENGINE_TOO_OLD'),
    find: findEngine,
  },
  { name: 'providers', about: 'the provider registry, or a mirror', find: findProviders },
  { name: 'terminal', about: 'somebody to ask before a deploy', find: findTerminal },
];

async function findNode({ machine }: MachineSubject): Promise<readonly Found[]> {
  const why = 'A deploy runs `node` from PATH for each of its steps.';
  const fix = `Install Node.js ${OLDEST_NODE} or later, so that \`node\` is found on PATH.`;
  const node = await machine.which('node');
  if (node === undefined) return [{ tier: 'error', what: 'There is no `node` on PATH.', why, fix }];
  const { stdout, stderr } = await machine.run(node, ['--version'], { seconds: 30 });
  const [version, major] = /^v(\d+)\.\S+/.exec(stdout) ?? [];
  if (Number(major) >= OLDEST_NODE) return [];
  const got = (version ?? (stdout + stderr).trim().slice(0, 100)) || 'no answer';
  return [{ tier: 'error', what: `${node} is too old, or no Node.js, got: ${got}`, why, fix }];
}

async function findProject({ context: { folder }, machine }: MachineSubject): Promise<readonly Found[]> {
  const found: Found[] = [];
  if (!existsSync(join(folder, 'cdktf.json')))
    found.push({
      tier: 'error',
      what: 'There is no cdktf.json here.',
      why: '`cdktf` reads in it which app to run.',
      fix: 'Run this in the folder of cdktf.json.',
    });
  if (!hasCdktf(folder) && (await machine.which('cdktf')) === undefined)
    found.push({
      tier: 'error',
      what: 'There is no `cdktf`, neither in node_modules nor on PATH.',
      why: 'It synthesizes the stacks and deploys them.',
      fix: 'Install what package-lock.json names.',
      command: 'npm ci',
    });
  return found;
}

function hasCdktf(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', '.bin', 'cdktf'))) return true;
  return dirname(folder) !== folder && hasCdktf(dirname(folder));
}

async function findEngine({ context, machine, engine }: MachineSubject): Promise<readonly Found[]> {
  const { kind, binary } = await engine();
  const isNamed = Boolean(context.environment.TERRAFORM_BINARY_NAME);
  if (isNamed || kind === 'terraform' || (await machine.which('terraform')) !== undefined) return [];
  return [
    {
      tier: 'warning',
      what: '`cdktf` would not find an engine: there is OpenTofu, and no `terraform`.',
      why: '`cdktf` starts `terraform` unless TERRAFORM_BINARY_NAME says otherwise. `proxmox-tokens deploy` sets it.',
      fix: 'Set the variable where you call `cdktf` yourself.',
      command: `export TERRAFORM_BINARY_NAME=${binary}`,
    },
  ];
}

async function findProviders({ context, machine, engine }: MachineSubject): Promise<readonly Found[]> {
  const { kind } = await engine();
  const registry = REGISTRIES[kind];
  const { files, mirrors, missing } = await readConfiguration(machine, kind);
  const hasPlugins = (await machine.list(join(machine.home, '.terraform.d', 'plugins'))).length > 0;
  const reason = await askRegistry(registry, context.environment);
  const found: Found[] = [];
  if (missing !== undefined)
    found.push({
      tier: 'warning',
      what: `TF_CLI_CONFIG_FILE names a file that is not there, got: ${missing}`,
      why: 'The engine goes on without it, and without a mirror that it may have named.',
      fix: 'Correct the variable, or unset it.',
    });
  if (files.some((file) => basename(dirname(file)).startsWith('standins-')))
    found.push({
      tier: 'warning',
      what: 'The providers are stand-ins that were built here.',
      why: 'They are for tests and demonstrations only.',
      fix: 'Unset TF_CLI_CONFIG_FILE before you deploy.',
    });
  if (reason === undefined) return found;
  const what = `${registry} does not answer: ${reason}.`;
  if (!mirrors && !hasPlugins)
    return [
      ...found,
      {
        tier: 'error',
        what,
        why: 'The engine gets its null and local providers there, and no mirror is configured.',
        fix: 'Open the way to it (HTTPS_PROXY), or name a mirror in a `provider_installation` block of ~/.terraformrc.',
      },
    ];
  return [
    ...found,
    {
      tier: 'warning',
      what: `${what} A mirror is configured.`,
      why: '`cdktf deploy` asks the registry for a lock file even so. `proxmox-tokens deploy` leaves that out.',
      fix: 'Add `--skip-provider-lock` where you call `cdktf` yourself.',
    },
  ];
}

async function findTerminal({ context }: MachineSubject): Promise<readonly Found[]> {
  if (context.terminal.ask !== undefined) return [];
  return [
    {
      tier: 'warning',
      what: 'This is no terminal: nobody can be asked whether to deploy.',
      why: 'A deploy asks before it changes anything.',
      fix: 'Add `--auto-approve` to the deploy.',
    },
  ];
}
