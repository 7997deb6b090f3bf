import type { RevokeVerbSettings } from '../../contract/settings';
import type { Run } from '../apply';
import { converge } from '../converge';
import { look } from '../node/look';
import { notesOn, planRelease } from '../plan/release';

/** Takes away what this entry made on the node, and nothing else. */
export async function runRevoke({ owner, identity, retain }: RevokeVerbSettings, run: Run): Promise<void> {
  const parting = { owner, named: [identity, ...retain], keep: [] };
  let notes: readonly string[] = [];
  const { changes } = await converge(async () => {
    const found = await look(run.node);
    const steps = planRelease(parting, found);
    if (steps.length > 0 || notes.length === 0) notes = notesOn(parting, found, steps);
    return steps;
  }, run);
  for (const note of notes) run.report(note);
  if (changes === 0) run.report('revoke: nothing of ours is there, nothing changed');
}
