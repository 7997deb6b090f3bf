/** Entries that are fine one by one and would fight each other on the node. */
import { isBuiltInRole } from '../../contract/identifiers';
import type { ClusterEntry } from './entry';

/** An entry and what messages call it: `"nuc"`, or `"nuc" of env/lab.tfvars`. */
export interface Named {
  readonly entry: ClusterEntry;
  readonly name: string;
}

export interface Conflict<T> {
  /** The later one of the two. */
  readonly at: T;
  /** Which of its keys. */
  readonly keys: readonly string[];
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export function findConflicts<T extends Named>(entries: readonly T[]): Conflict<T>[] {
  const byNode = new Map<string, T[]>();
  const conflicts: Conflict<T>[] = [];
  for (const at of entries) {
    const node = nodeOf(at.entry);
    const others = byNode.get(node) ?? [];
    conflicts.push(...findSameToken(at, others), ...findOtherRole(at, others));
    others.push(at);
    byNode.set(node, others);
  }
  return conflicts;
}

/** Behind another jump host or another port stands another node. */
function nodeOf({ ssh }: ClusterEntry): string {
  return [ssh.jump ?? '', ssh.host.toLowerCase(), ssh.port ?? 22].join(' ');
}

function findSameToken<T extends Named>(at: T, others: readonly T[]): Conflict<T>[] {
  const { identity, ssh } = at.entry;
  const twin = others.find(({ entry }) => identity !== '' && entry.identity === identity);
  if (!twin) return [];
  return [
    {
      at,
      keys: ['api_token'],
      what: `is also the token of ${twin.name} on ${ssh.host}`,
      why: 'Each of the two would take the secret of the other away.',
      fix: 'Give each entry a token of its own, or keep one of them.',
    },
  ];
}

function findOtherRole<T extends Named>(at: T, others: readonly T[]): Conflict<T>[] {
  const { access, ssh } = at.entry;
  const { role } = access;
  if (role === undefined || isBuiltInRole(role)) return [];
  const twin = others.find(({ entry }) => entry.access.role === role && contentOf(entry.access) !== contentOf(access));
  if (!twin) return [];
  return [
    {
      at,
      keys: ['bootstrap', 'role'],
      what: `is also the role of ${twin.name} on ${ssh.host}, with other privileges`,
      why: 'There is one role of a name on a node: each deploy would undo the other half.',
      fix: 'Give both the same preset or privileges, or choose another role name.',
    },
  ];
}

function contentOf({ preset, privileges }: ClusterEntry['access']): string {
  return JSON.stringify([preset, privileges && [...privileges].sort()]);
}
