import { findBinary } from './binary';
import { type Configuration, readConfiguration } from './configuration';
import type { Binary, Engine, Environment } from './engine';
import { type Machine, thisMachine } from './machine';
import { probeProviders, type Reach } from './probe';
import { buildStandIns, locateStandIns, type StandIns } from './standins';

export interface EngineOptions {
  /** The caller's environment variables: `process.env`. */
  readonly environment: Environment;
  /** @default - the machine at hand */
  readonly machine?: Machine;
  /** @default - lets the engine try to install the two providers in an empty folder */
  readonly probe?: (machine: Machine, binary: Binary) => Promise<Reach>;
  /** @default - builds them with Go, unless the cache has them */
  readonly build?: (machine: Machine) => Promise<StandIns>;
}

/** What was decided about the providers. */
type Choice = Pick<Engine, 'providers' | 'env' | 'skipProviderLock' | 'notes'>;

/**
 * Finds an engine, and providers for it. Builds stand-ins of the providers where nothing else can be had.
 * Never touches the user's own configuration: what differs is in `env`, for a child process.
 */
export async function prepareEngine(options: EngineOptions): Promise<Engine> {
  const machine = options.machine ?? thisMachine(options.environment);
  const binary = await findBinary(machine);
  const choice = await chooseProviders(machine, binary, options);
  const env = { TERRAFORM_BINARY_NAME: binary.binary, CHECKPOINT_DISABLE: '1', ...choice.env };
  return { ...binary, ...choice, env };
}

async function chooseProviders(machine: Machine, binary: Binary, options: EngineOptions): Promise<Choice> {
  const { probe = probeProviders, build = buildStandIns } = options;
  const configuration = await readConfiguration(machine, binary.kind);
  if (await namesStandIns(machine, configuration)) return standIns(await build(machine), configuration);
  if (configuration.decides) return configured(configuration);
  const reach = await probe(machine, binary);
  if (reach.locks)
    return { providers: 'registry', env: {}, skipProviderLock: false, notes: missingNote(configuration) };
  if (reach.installs) return foundByItself(configuration);
  return standIns(await build(machine), configuration);
}

/** Whether the environment is already one that this very function made. */
async function namesStandIns(machine: Machine, { files }: Configuration): Promise<boolean> {
  const { configuration } = await locateStandIns(machine);
  return files.includes(configuration);
}

function configured({ files, mirrors }: Configuration): Choice {
  const notes = [`Providers come from where ${files.join(', ')} says.`];
  return { providers: 'configured', env: {}, skipProviderLock: mirrors, notes };
}

function foundByItself(configuration: Configuration): Choice {
  const note =
    'Providers come from one of the folders that the engine searches by itself; the registry does not answer.';
  return {
    providers: 'configured',
    env: {},
    skipProviderLock: true,
    notes: [...missingNote(configuration), note],
  };
}

function standIns({ configuration: file }: StandIns, configuration: Configuration): Choice {
  const unread = configuration.files.filter((other) => other !== file);
  return {
    providers: 'stand-in',
    env: { TF_CLI_CONFIG_FILE: file },
    skipProviderLock: true,
    notes: [
      'WARNING: no provider registry answers, so STAND-INS of hashicorp/null and hashicorp/local are used.',
      'They were built from engines/providers, for tests and demonstrations only. Do not deploy with them.',
      ...missingNote(configuration),
      ...unread.map((other) => `${other} is not read meanwhile.`),
    ],
  };
}

function missingNote({ missing }: Configuration): readonly string[] {
  return missing === undefined ? [] : [`TF_CLI_CONFIG_FILE names a file that is not there, got: ${missing}.`];
}
