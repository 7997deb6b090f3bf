import type { Run } from '../../bootstrap/apply';
import type { FoundSecret, NodeFound } from '../../bootstrap/node/found';
import { look, lookForSecret, withRoleList } from '../../bootstrap/node/look';
import { knownPrivileges } from '../../bootstrap/plan/privileges';
import type { ClusterEntry } from '../../constructs/input/entry';
import { type EntryPlan, planOnNode } from '../entry-plan';
import { readRelease } from '../release';
import { type Settled, settleConnected } from '../settled';
import { NotLookedAt } from './check';

/** What was seen on a node, over one connection. A part that could not be looked at throws the reason when it is asked. */
export interface NodeSight {
  readonly user: string;
  /** With the roles that Proxmox VE makes itself. */
  readonly found: Settled<NodeFound>;
  readonly secret: Settled<FoundSecret>;
  readonly release: Settled<string | undefined>;
  /** Whether the cluster has its quorum; a node without a cluster needs none. */
  readonly quorate: Settled<boolean>;
  readonly plan: Settled<EntryPlan>;
}

/** Runs only what a deploy runs; as root two more commands that read. */
export async function lookAtNode(environment: string, entry: ClusterEntry, run: Run, user: string): Promise<NodeSight> {
  const { node } = run;
  const found = await settleConnected(async () => withRoleList(node, await look(node)));
  // Behind a node that cannot be read nothing else can be.
  const after = <T>(act: (found: NodeFound) => Promise<T>) => settleConnected(async () => act(found()));
  return {
    user,
    found,
    secret: await after(() => lookForSecret(node, entry.identity)),
    release: await after(({ roles }) => readRelease(node, user, knownPrivileges(roles))),
    quorate: await settleConnected(() => readQuorum(run, user)),
    plan: await after(() => planOnNode(environment, entry, run)),
  };
}

const MEMBERS = '/etc/pve/.members';

/** The cluster file system's own account of the cluster, as JSON; there is no `cluster` in it where there is none. */
async function readQuorum({ node }: Run, user: string): Promise<boolean> {
  if (user !== 'root') throw new NotLookedAt('only root may read it on the node');
  const { exit, stdout } = await node.run(['cat', MEMBERS]);
  const cluster = exit === 0 ? parseCluster(stdout) : undefined;
  if (cluster === undefined) throw new NotLookedAt(`the node has no readable ${MEMBERS}`);
  return cluster === 'none' || Number(cluster.quorate) === 1;
}

function parseCluster(text: string): { readonly quorate?: unknown } | 'none' | undefined {
  try {
    const { cluster } = JSON.parse(text) as { readonly cluster?: { readonly quorate?: unknown } };
    return cluster ?? 'none';
  } catch {
    return undefined;
  }
}
