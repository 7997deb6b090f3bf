import type { Run } from '../bootstrap/apply';
import type { NodeFound } from '../bootstrap/node/found';
import { lookForSecret } from '../bootstrap/node/look';
import type { Step } from '../bootstrap/node/steps';
import { after } from '../bootstrap/plan/after';
import { ledgersOn } from '../bootstrap/plan/claims';
import { planEntry } from '../bootstrap/plan/entry';
import { holderOf } from '../bootstrap/plan/ledger';
import { planRelease } from '../bootstrap/plan/release';
import type { Wanted } from '../bootstrap/plan/wanted';
import { prepare } from '../bootstrap/verbs/prepare';
import type { ClusterEntry } from '../constructs/input/entry';
import { nodeSettings } from '../constructs/settings';

/** What a deploy of an entry would do on its node, and the node that it was planned from. */
export interface EntryPlan {
  readonly wanted: Wanted;
  readonly found: NodeFound;
  /** In the order in which they would be made; reading the secret is among them. */
  readonly steps: readonly Step[];
}

/** The very plan that the verbs make, older tokens of the entry included. Throws the refusal that a deploy would end with. */
export async function planOnNode(environment: string, entry: ClusterEntry, run: Run): Promise<EntryPlan> {
  const settings = nodeSettings(entry, { environment, project: '.' });
  const { wanted, found: bare } = await prepare(settings, run);
  const { identity } = wanted.token;
  const found = bare.tokens.has(identity) ? { ...bare, secret: await lookForSecret(run.node, identity) } : bare;
  const steps = planEntry(wanted, found, 'token');
  const then = after(found, steps);
  const named = [identity, ...wanted.retain];
  const parting = { owner: wanted.owner, named, keep: named, holder: holderOf(wanted, then, ledgersOn(then)) };
  return { wanted, found, steps: [...steps, ...planRelease(parting, then)] };
}

/** Steps that change something. */
export function changesIn({ steps }: Pick<EntryPlan, 'steps'>): readonly Step[] {
  return steps.filter(({ verb }) => verb !== 'readSecret');
}
