import type { NodeSettings } from '../../contract/settings';
import type { Run } from '../apply';
import { converge } from '../converge';
import { planEntry } from '../plan/entry';
import { lossesOfNeighbours } from '../plan/neighbours';
import { prepare } from './prepare';

/** Ensures user, role and ACL, and the settings of a token that is ours. Never makes a token, never sees a secret. */
export async function runAccess(settings: NodeSettings, run: Run): Promise<void> {
  const losses = new Set<string>();
  const { changes } = await converge(async () => {
    const { wanted, found } = await prepare(settings, run);
    const steps = planEntry(wanted, found, 'access');
    for (const loss of lossesOfNeighbours(wanted, found, steps)) losses.add(loss);
    return steps;
  }, run);
  for (const loss of losses) run.report(loss);
  if (changes === 0) run.report('access: as wanted, nothing changed');
}
