import type { Context } from '../context';
import { sideBySide } from '../side-by-side';
import { type Examined, examine } from './check';
import { CLUSTER_CHECKS } from './checks';
import { clusterSubject } from './cluster';
import { ENV_FILE, readEnvFiles } from './env-files';
import { ENVIRONMENT_CHECKS } from './files';
import { MACHINE_CHECKS, machineSubject } from './machine';

export interface Diagnosis extends Examined {
  readonly clusters: number;
}

/** Makes the chosen checks: of this machine, of the env files, and of every cluster at once. */
export async function diagnose(
  name: string | undefined,
  isChosen: (check: string) => boolean,
  context: Context,
): Promise<Diagnosis> {
  const machine = examine(MACHINE_CHECKS, isChosen, machineSubject(context), {});
  // What stands in the way of a chosen check is told too.
  const needsFiles = [{ name: ENV_FILE }, ...ENVIRONMENT_CHECKS, ...CLUSTER_CHECKS].some((check) =>
    isChosen(check.name),
  );
  const { environments, findings } = needsFiles
    ? await readEnvFiles(context.folder, name)
    : { environments: [], findings: [] };
  const files = environments.map((environment) =>
    examine(ENVIRONMENT_CHECKS, isChosen, { environment, context }, { environment: environment.name }),
  );
  const entries = environments.flatMap((environment) =>
    environment.clusters.map((entry) => ({ environment: environment.name, entry })),
  );
  let done = 0;
  const clusters = await sideBySide(entries, async ({ environment, entry }) => {
    const place = { environment, cluster: entry.name };
    const examined = await examine(CLUSTER_CHECKS, isChosen, clusterSubject(environment, entry, context), place);
    done += 1;
    context.terminal.progress(`${done} of ${entries.length} clusters looked at`);
    return examined;
  });
  const all = [await machine, { findings, unseen: [] }, ...(await Promise.all(files)), ...clusters];
  return {
    findings: all.flatMap((examined) => examined.findings),
    unseen: all.flatMap((examined) => examined.unseen),
    clusters: entries.length,
  };
}
