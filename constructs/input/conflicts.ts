/** Entries that are fine one by one and would fight each other on the node. */
import { isBuiltInRole } from '../../contract/identifiers';
import type { ClusterEntry } from './entry';
import type { Field } from './field';

export interface Placed {
  readonly place: Field;
  readonly entry: ClusterEntry;
}

export function refuseConflicts(entries: readonly Placed[]): void {
  const byNode = new Map<string, Placed[]>();
  for (const { place, entry } of entries) {
    const sameNode = byNode.get(nodeOf(entry)) ?? [];
    refuseSameToken(place, entry, sameNode);
    refuseOtherRole(place, entry, sameNode);
    byNode.set(nodeOf(entry), [...sameNode, { place, entry }]);
  }
}

/** Behind another jump host or another port stands another node. */
function nodeOf({ ssh }: ClusterEntry): string {
  return [ssh.jump ?? '', ssh.host.toLowerCase(), ssh.port ?? 22].join(' ');
}

function refuseSameToken(place: Field, entry: ClusterEntry, others: readonly Placed[]): void {
  const twin = others.find((other) => entry.identity !== '' && other.entry.identity === entry.identity)?.entry;
  if (!twin) return;
  place
    .at('api_token')
    .refuse(
      `is also the token of "${twin.name}" on ${entry.ssh.host}`,
      'Each of the two would take the secret of the other away.',
      'Give each entry a token of its own, or keep one of them.',
    );
}

function refuseOtherRole(place: Field, { access, ssh }: ClusterEntry, others: readonly Placed[]): void {
  const { role } = access;
  if (role === undefined || isBuiltInRole(role)) return;
  const twin = others.find(
    (other) => other.entry.access.role === role && contentOf(other.entry.access) !== contentOf(access),
  )?.entry;
  if (!twin) return;
  place
    .at('bootstrap')
    .at('role')
    .refuse(
      `is also the role of "${twin.name}" on ${ssh.host}, with other privileges`,
      'There is one role of a name on a node: each deploy would undo the other half.',
      'Give both the same preset or privileges, or choose another role name.',
    );
}

function contentOf({ preset, privileges }: ClusterEntry['access']): string {
  return JSON.stringify([preset, privileges && [...privileges].sort()]);
}
