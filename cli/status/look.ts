import type { Run } from '../../bootstrap/apply';
import { secretCommand } from '../../bootstrap/node/commands';
import type { NodeFound } from '../../bootstrap/node/found';
import { look, secretIn, withRoleList } from '../../bootstrap/node/look';
import { knownPrivileges } from '../../bootstrap/plan/privileges';
import { type Permissions, reachApi, readPermissions } from '../../bootstrap/verify';
import type { ClusterEntry, Environment } from '../../constructs/input/entry';
import { apiOf } from '../api';
import type { Context } from '../context';
import { type EntryPlan, planOnNode } from '../entry-plan';
import { onNode } from '../on-node';
import { readRelease } from '../release';
import { type Settled, settle, settleConnected } from '../settled';
import type { State } from '../state';
import { type OutputFound, readOutputFiles } from './output';

/** All that was seen of one entry. What could not be looked at throws the reason when it is asked. */
export interface Sight {
  readonly entry: ClusterEntry;
  readonly node: Settled<OnNode>;
  /** What the API says of the token; undefined where it was not asked: no token, no secret, or `verify = false`. */
  readonly permissions: Settled<Permissions | undefined>;
  readonly state: State;
  readonly outputs: readonly OutputFound[];
}

export interface OnNode {
  readonly release?: string;
  /** With the roles that Proxmox VE makes itself. */
  readonly found: NodeFound;
  /** For comparing and for the API alone. */
  readonly secret?: string;
  /** The plan of a deploy, or the refusal that it would end with. */
  readonly plan: Settled<EntryPlan>;
}

/** Looks at an entry from every side. Changes nothing. */
export async function lookAt(
  { name, outputs: specs }: Environment,
  entry: ClusterEntry,
  state: State,
  context: Context,
): Promise<Sight> {
  const outputs = await readOutputFiles(context.folder, specs, entry);
  const [node, api] = await Promise.all([
    settle(() => onNode(entry, context, (run, { user }) => lookOnNode(name, entry, run, user))),
    settle(async () => {
      const found = await apiOf(entry, context);
      if (found !== undefined) await reachApi(found);
      return found;
    }),
  ]);
  // A secret goes to no endpoint that did not answer as the API does.
  const permissions = await settle(async () => {
    const found = api();
    const secret = secretOf(node, entry, outputs);
    const paths = entry.access.acl.map(({ path }) => path);
    return found && secret ? readPermissions(found, secret, { identity: entry.identity, paths }) : undefined;
  });
  return { entry, node, permissions, state, outputs };
}

async function lookOnNode(environment: string, entry: ClusterEntry, run: Run, user: string): Promise<OnNode> {
  const { node } = run;
  const found = await withRoleList(node, await look(node));
  const { identity } = entry;
  const answer = found.tokens.has(identity) ? await node.run(secretCommand(identity)) : undefined;
  const secret = answer?.exit === 0 ? secretIn(answer, identity) : undefined;
  const release = await readRelease(node, user, knownPrivileges(found.roles));
  return { release, found, secret, plan: await settleConnected(() => planOnNode(environment, entry, run)) };
}

/** The node's own; where that cannot be read, the one that the consumers have. */
function secretOf(node: Settled<OnNode>, { identity }: ClusterEntry, outputs: readonly OutputFound[]) {
  const inFile = outputs.find(({ secret }) => secret !== undefined)?.secret;
  try {
    const { found, secret } = node();
    return found.tokens.has(identity) ? (secret ?? inFile) : undefined;
  } catch {
    // Told by whoever asks for the node.
    return inFile;
  }
}
