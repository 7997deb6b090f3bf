import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../bootstrap/program';
import { Refusal } from '../../contract/refusal';
import { anOperator, settingsFor } from '../support/verbs';
import type { Bench } from './bench';
import type { Stage } from './operation';

/** How one start of the program ended, and what it said. */
export interface Ending {
  readonly how: 'done' | 'refused' | 'killed' | 'defect';
  readonly said: string;
}

/** Starts the program once. `run` tells deploys apart, as the ids of the token block do. */
export type Start = (stage: Stage, bench: Bench, run: number) => Promise<Ending>;

const HANDOFFS = '.handoff/lab';

export function textOf({ verb, entry }: Stage, { node }: Bench, run: number, lock = 1): string {
  const settings = settingsFor(node, { ...entry, ssh: { timeouts: { connect: 20, command: 60, lock } } });
  const { format, project, owner, ssh, identity, retain } = settings;
  if (verb === 'forget') return JSON.stringify({ format, project, handoffs: HANDOFFS });
  if (verb === 'revoke') return JSON.stringify({ format, project, owner, ssh, identity, retain, removal: 'revoke' });
  return JSON.stringify({ ...settings, handoff: `${HANDOFFS}/${owner.cluster}-${run}` });
}

export const handoffFolder = ({ project }: Bench): string => join(project, HANDOFFS);

/** The secret that a good run of `token` handed off: what the state then holds. */
export function readHandoff({ entry }: Stage, bench: Bench, run: number): string {
  return readFileSync(join(handoffFolder(bench), `${entry.owner?.cluster ?? 'nuc'}-${run}`), 'utf8');
}

/** In this process, with a clock that stands still unless somebody waits. */
export function startHere({ isOrphan, lock }: { isOrphan?: () => boolean; lock?: number } = {}): Start {
  return async (stage, bench, run) => {
    mkdirSync(bench.project, { recursive: true });
    const { around, lines } = anOperator(bench.project, isOrphan && { isOrphan });
    try {
      await runProgram(stage.verb, textOf(stage, bench, run, lock), around);
      return { how: 'done', said: lines.join('\n') };
    } catch (error) {
      if (error instanceof Refusal) return { how: 'refused', said: [...lines, error.message].join('\n') };
      return { how: 'defect', said: [...lines, error instanceof Error ? error.stack : String(error)].join('\n') };
    }
  };
}
