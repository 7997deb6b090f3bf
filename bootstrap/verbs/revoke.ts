import type { RevokeVerbSettings } from '../../contract/settings';
import { applySteps, type Run } from '../apply';
import { inspect } from '../node/inspect';
import { planRelease } from '../plan/release';

/** Takes away what this entry made on the node, and nothing else. */
export async function runRevoke({ owner }: RevokeVerbSettings, run: Run): Promise<void> {
  const steps = planRelease(owner, await inspect(run.shell), []);
  await applySteps(steps, run);
  if (steps.length === 0) run.report('revoke: nothing of ours is there, nothing changed');
}
