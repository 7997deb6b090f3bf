import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binary } from './engine';
import type { Machine } from './machine';
import { PROVIDERS } from './standins';

/** How far the engine gets by itself. */
export interface Reach {
  /** `init` found both providers, wherever. */
  readonly installs: boolean;
  /** `providers lock`, which asks the registry and nothing else, found them too. */
  readonly locks: boolean;
}

/** Long enough for a slow download, short enough to wait for where a firewall swallows packets. */
const SECONDS = 45;

/** Lets the engine itself try, in an empty folder: it alone knows the proxies and mirrors it would use. */
export async function probeProviders(machine: Machine, { binary }: Binary): Promise<Reach> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-probe-'));
  try {
    await writeFile(join(folder, 'main.tf.json'), renderProbe());
    const installs = await succeeds(machine, binary, folder, ['init', '-backend=false', '-input=false']);
    return { installs, locks: installs && (await succeeds(machine, binary, folder, ['providers', 'lock'])) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function renderProbe(): string {
  const wanted = PROVIDERS.map(({ name, wanted }) => [name, { source: `hashicorp/${name}`, version: wanted }]);
  return JSON.stringify({ terraform: { required_providers: Object.fromEntries(wanted) } });
}

async function succeeds(machine: Machine, binary: string, cwd: string, args: readonly string[]): Promise<boolean> {
  const env = { CHECKPOINT_DISABLE: '1', TF_REGISTRY_DISCOVERY_RETRY: '0', TF_REGISTRY_CLIENT_TIMEOUT: '5' };
  const ran = await machine.run(binary, args, { cwd, env, seconds: SECONDS });
  return ran.code === 0;
}
