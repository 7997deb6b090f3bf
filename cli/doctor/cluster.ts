import type { ClusterEntry } from '../../constructs/input/entry';
import type { Context } from '../context';
import { onNode } from '../on-node';
import { lookAtNode, type NodeSight } from './node';
import { once } from './once';
import { type ApiSight, lookAtApi } from './probe';

/** One entry of an env file. Node and endpoint are looked at when the first check asks, and once. */
export interface ClusterSubject {
  readonly environment: string;
  readonly entry: ClusterEntry;
  readonly context: Context;
  /** Rejects with the refusal of a connection that did not come about. */
  readonly node: () => Promise<NodeSight>;
  readonly api: () => Promise<ApiSight>;
}

export function clusterSubject(environment: string, entry: ClusterEntry, context: Context): ClusterSubject {
  return {
    ...{ environment, entry, context },
    node: once(() => onNode(entry, context, (run, { user }) => lookAtNode(environment, entry, run, user))),
    api: once(() => lookAtApi(entry, context)),
  };
}
