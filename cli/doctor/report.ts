import type { Terminal } from '../context';
import { painter } from '../text/paint';
import { wrap } from '../text/wrap';
import type { Diagnosis } from './diagnose';
import type { Finding, Place, Tier } from './finding';

const COLOURS = { error: 'red', warning: 'yellow' } as const;

/** Programs of a node. */
const ON_NODE = /^(pveum|pvecm|install|visudo|ssh-keygen|timedatectl) /;

/** Each finding with what, why, fix and command; then what was not looked at, and the count. */
export function printDiagnosis({ findings, unseen, clusters }: Diagnosis, checks: number, terminal: Terminal): void {
  for (const finding of findings) {
    printFinding(finding, terminal);
    terminal.print('');
  }
  for (const { checks: missed, because, ...place } of unseen)
    for (const line of wrap(`${where(place)}not looked at because ${because}: ${missed.join(', ')}`, terminal.columns))
      terminal.print(painter(terminal.colour)('dim', line));
  const counts = (['error', 'warning'] as const).flatMap((tier) => {
    const count = findings.filter((finding) => finding.tier === tier).length;
    return count === 0 ? [] : [counted(count, tier)];
  });
  terminal.print(
    `${counted(checks, 'check')}, ${counted(clusters, 'cluster')}: ${counts.join(', ') || 'all is well'}.`,
  );
}

function printFinding(finding: Finding, { print, columns, colour }: Terminal): void {
  const { tier, check, what, why, fix, command } = finding;
  const paint = painter(colour);
  print(`${paint(COLOURS[tier], `${tier}:`)} ${paint('bold', `${where(finding)}${check}`)}`);
  const lines = (text: string, indent: string) =>
    text
      .split('\n')
      .flatMap((part) => wrap(part.trim(), columns, indent))
      .join('\n');
  print(lines(what, '  '));
  print(lines(`why: ${why}`, '    '));
  print(lines(`fix: ${fix}`, '    '));
  if (command !== undefined) print(`    ${ON_NODE.test(command) ? 'on the node' : 'run'}: ${command}`);
}

function where({ environment, cluster }: Place): string {
  if (environment === undefined) return '';
  return cluster === undefined ? `${environment}: ` : `${environment}/${cluster}: `;
}

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/**
 * The same as JSON. `version` rises when a key goes or changes its meaning; new keys may come.
 *
 *     { "version": 1,
 *       "checks": ["node", "engine"],          those that were chosen
 *       "clusters": 2,
 *       "findings": [ {
 *         "check": "host-key",
 *         "environment": "lab", "cluster": "nuc",     null: this machine; without a cluster the environment as a whole
 *         "tier": "error",                     a deploy would fail: exit code 3; or "warning"
 *         "what": "…", "why": "…", "fix": "…",
 *         "command": "ssh-keygen -lf …"        or null
 *       } ],
 *       "unseen": [ { "environment": "lab", "cluster": "nuc", "checks": ["login"], "because": "of host-key" } ] }
 */
export function diagnosisJson({ findings, unseen, clusters }: Diagnosis, checks: readonly string[]): object {
  const placed = ({ environment, cluster }: Place) => ({ environment: environment ?? null, cluster: cluster ?? null });
  return {
    version: 1,
    ...{ checks, clusters },
    findings: findings.map(({ check, tier, what, why, fix, command, ...place }) => ({
      ...{ check, ...placed(place), tier, what, why, fix, command: command ?? null },
    })),
    unseen: unseen.map(({ checks, because, ...place }) => ({ ...placed(place), checks, because })),
  };
}

export const isError = ({ tier }: { readonly tier: Tier }): boolean => tier === 'error';
