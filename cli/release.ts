import type { NodeSession } from '../bootstrap/node/session';

/** `pve-manager/8.4.1/2a5fa54a8503f96d (running kernel: 6.8.12-10-pve)` */
const REPORT = /^pve-manager\/(\d+(?:\.\d+)*)\//;

/**
 * The release of a node: `8.4.1` as `pveversion` says it, which root alone may be expected to run. For another user it is worked
 * out from the privileges that the node knows: `7`, `8`, or `9` (9.0 and 9.1 know the same ones).
 */
export async function readRelease(
  node: NodeSession,
  user: string,
  known: ReadonlySet<string>,
): Promise<string | undefined> {
  const answer = user === 'root' ? await node.run(['pveversion']) : undefined;
  const [, version] = answer?.exit === 0 ? (REPORT.exec(answer.stdout) ?? []) : [];
  return version ?? releaseFrom(known);
}

export function releaseFrom(known: ReadonlySet<string>): string | undefined {
  if (known.has('VM.GuestAgent.Audit')) return '9';
  if (known.has('Mapping.Use')) return '8';
  return known.has('VM.Monitor') ? '7' : undefined;
}
