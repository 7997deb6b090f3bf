import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type EngineOptions, prepareEngine } from '../../engines';
import { locateStandIns } from '../../engines/standins';
import { aMachine, type FakeMachine, TERRAFORM, TERRAFORM_ANSWERS } from './fakes';
import { useFolders } from './support';

const emptyFolder = useFolders();

const STAND_INS = { folder: '/cache/s', configuration: '/cache/s/cli.tfrc' };

/** Prepares on a fake machine where nothing may be probed or built unless the test says so. */
function prepare(machine: FakeMachine, options: Partial<EngineOptions> = {}) {
  return prepareEngine({
    environment: {},
    machine: aMachine({ ...TERRAFORM, answers: TERRAFORM_ANSWERS, ...machine }),
    probe: () => Promise.reject(new Error('not to be probed')),
    build: () => Promise.reject(new Error('not to be built')),
    ...options,
  });
}

const reaches = (installs: boolean, locks: boolean) => async () => ({ installs, locks });
const builds = async () => STAND_INS;

test('providers come from the registry where it answers', async () => {
  const engine = await prepare({}, { probe: reaches(true, true) });
  expect(engine).toEqual({
    binary: '/bin/terraform',
    kind: 'terraform',
    version: '1.11.4',
    providers: 'registry',
    env: { TERRAFORM_BINARY_NAME: '/bin/terraform', CHECKPOINT_DISABLE: '1' },
    skipProviderLock: false,
    notes: [],
  });
});

test("the user's mirror is used as it is, unprobed, and the lock is skipped", async () => {
  const engine = await prepare({ files: { '/home/me/.terraformrc': 'provider_installation {}' } });
  expect(engine).toMatchObject({ providers: 'configured', skipProviderLock: true });
  expect(engine.env).not.toHaveProperty('TF_CLI_CONFIG_FILE');
  expect(engine.notes).toEqual(['Providers come from where /home/me/.terraformrc says.']);
});

test("the user's plugin cache is used as it is, and the lock is made", async () => {
  const engine = await prepare({ files: { '/home/me/.terraformrc': 'plugin_cache_dir = "/c"' } });
  expect(engine).toMatchObject({ providers: 'configured', skipProviderLock: false });
});

test('folders that the engine searches by itself are enough, but not for the lock', async () => {
  const engine = await prepare({}, { probe: reaches(true, false) });
  expect(engine).toMatchObject({ providers: 'configured', skipProviderLock: true });
  expect(engine.env).not.toHaveProperty('TF_CLI_CONFIG_FILE');
});

test('stand-ins are built where nothing answers, and that is said loudly', async () => {
  const engine = await prepare({}, { probe: reaches(false, false), build: builds });
  expect(engine).toMatchObject({ providers: 'stand-in', skipProviderLock: true });
  expect(engine.env).toMatchObject({ TF_CLI_CONFIG_FILE: '/cache/s/cli.tfrc' });
  expect(engine.notes).toEqual([
    'WARNING: no provider registry answers, so STAND-INS of hashicorp/null and hashicorp/local are used.',
    'They were built from engines/providers, for tests and demonstrations only. Do not deploy with them.',
  ]);
});

test('a TF_CLI_CONFIG_FILE that points nowhere counts as none, and is named', async () => {
  const options = { probe: reaches(false, false), build: builds };
  const engine = await prepare({ environment: { TF_CLI_CONFIG_FILE: '/gone' } }, options);
  expect(engine.providers).toBe('stand-in');
  expect(engine.notes).toContain('TF_CLI_CONFIG_FILE names a file that is not there, got: /gone.');
});

test('a configuration that says nothing of providers is not read beside the stand-ins, and that is said', async () => {
  const files = { '/home/me/.terraformrc': 'credentials "x" {}' };
  const engine = await prepare({ files }, { probe: reaches(false, false), build: builds });
  expect(engine.notes).toContain('/home/me/.terraformrc is not read meanwhile.');
});

test('an environment that already points to the stand-ins is not probed, and still called by its name', async () => {
  const ours = await locateStandIns(aMachine({}));
  const machine = {
    files: { [ours.configuration]: 'provider_installation {}' },
    environment: { TF_CLI_CONFIG_FILE: ours.configuration },
  };
  const engine = await prepare(machine, { build: async () => ours });
  expect(engine.providers).toBe('stand-in');
  expect(engine.notes).toHaveLength(2);
});

test('without Go the refusal names what to install', async () => {
  const folder = await emptyFolder();
  const machine = aMachine({
    ...TERRAFORM,
    answers: TERRAFORM_ANSWERS,
    environment: { CDKTF_PROXMOX_TOKENS_CACHE: folder },
  });
  const problem = await prepareEngine({ environment: {}, machine, probe: reaches(false, false) }).catch(String);
  expect(problem).toBe(
    [
      'Refusal: `go` is not on PATH, which building stand-ins of the null and local providers needs.',
      '  why: No provider registry answered and no provider mirror is configured, so the programs have to be built here.',
      '  fix: Install Go 1.24 or later, or set up a provider mirror in a `provider_installation` block of `~/.terraformrc`.',
    ].join('\n'),
  );
  expect(await readdir(folder)).toEqual([]);
});
