import { App } from 'cdktf';
import { findConflicts } from './input/conflicts';
import type { ProxmoxCluster } from './proxmox-cluster';

const clusters = new WeakMap<App, ProxmoxCluster[]>();

/** The app, over all of its stacks, is refused at synthesis if this cluster would fight another one on the node. */
export function checkInApp(cluster: ProxmoxCluster): void {
  const app = App.of(cluster);
  const known = clusters.get(app) ?? [];
  if (known.length === 0) app.node.addValidation({ validate: () => complaintsOf(known) });
  known.push(cluster);
  clusters.set(app, known);
}

function complaintsOf(all: readonly ProxmoxCluster[]): string[] {
  const named = all.map(({ entry, node }) => ({ entry, name: node.path }));
  return findConflicts(named).map(
    ({ at, keys, what, why, fix }) => `${at.name}: ${keys.join('.')} ${what}. ${why} ${fix}`,
  );
}
