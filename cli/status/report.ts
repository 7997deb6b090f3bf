import type { Terminal } from '../context';
import type { State } from '../state';
import { type Paint, painter } from '../text/paint';
import { wrap } from '../text/wrap';
import type { Remark, Row } from './row';
import { renderRows } from './table';

/** What `status` found out of one env file. */
export interface EnvironmentStatus {
  readonly name: string;
  readonly state: State;
  readonly rows: readonly Row[];
  /** On the environment as a whole. */
  readonly remarks: readonly Remark[];
}

/** The table, and below it what is wrong with the command that mends it. */
export function printStatus(environments: readonly EnvironmentStatus[], terminal: Terminal): void {
  const paint = painter(terminal.colour);
  const rows = environments.flatMap((environment) => environment.rows);
  const [heading = '', ...lines] = renderRows(rows, terminal.columns);
  terminal.print(paint('bold', heading));
  lines.forEach((line, index) => {
    terminal.print(paintAs(worst(rows[index]?.remarks ?? []), line, paint));
  });
  for (const { name, rows, remarks } of environments) {
    for (const { cluster, remarks } of rows) printRemarks(`${name}/${cluster}`, remarks, terminal, paint);
    printRemarks(name, remarks, terminal, paint);
  }
}

/** One heading, and the command once where several remarks share it. */
function printRemarks(heading: string, remarks: readonly Remark[], terminal: Terminal, paint: Paint): void {
  if (remarks.length === 0) return;
  terminal.print('');
  terminal.print(paint('bold', heading));
  for (const command of new Set(remarks.map((remark) => remark.command))) {
    for (const { tier, text } of remarks.filter((remark) => remark.command === command))
      for (const line of text.split('\n').flatMap((part) => wrap(part.trim(), terminal.columns, '  ')))
        terminal.print(paintAs(tier, line, paint));
    if (command !== undefined) terminal.print(`    run: ${command}`);
  }
}

function worst(remarks: readonly Remark[]): Remark['tier'] | undefined {
  return (['unseen', 'finding', 'note'] as const).find((tier) => remarks.some((remark) => remark.tier === tier));
}

function paintAs(tier: Remark['tier'] | undefined, text: string, paint: Paint): string {
  if (tier === 'finding') return paint('red', text);
  return tier === 'unseen' ? paint('yellow', text) : text;
}

/**
 * The same as JSON. `version` rises when a key goes or changes its meaning; new keys may come.
 *
 *     { "version": 1,
 *       "environments": [ {
 *         "name": "lab",                       the env file
 *         "state": { "kind": "local",          none (not deployed yet), elsewhere, encrypted, unreadable: see `file`, `backend`
 *                    "file": "terraform.lab.tfstate" },
 *         "tokens": [ {
 *           "cluster": "nuc", "node": "192.0.2.7", "identity": "opentofu@pve!opentofu-token",
 *           "retained": false,                 an older identity of `retain`
 *           "release": "9.1.1",                null in this and the next three: not looked at, or not asked
 *           "there": true,                     on the node
 *           "accepted": true,                  by the API at `endpoint`
 *           "missing": [ { "path": "/", "privileges": ["VM.Audit"] } ],
 *           "excess": [],
 *           "expires": "2027-01-31T00:00:00.000Z", "days": 42,     null: never
 *           "generation": { "wanted": "2", "found": "1" },         found is null on a token without this entry's mark
 *           "drift": ["node", "state", "output"],
 *           "remarks": [ { "tier": "finding", "name": "node-drift", "text": "…", "command": "proxmox-tokens repair lab nuc" } ]
 *         } ],
 *         "remarks": []                        on the environment as a whole
 *       } ] }
 *
 * Tiers: `finding` (exit code 3), `unseen` (could not be looked at: exit code 1), `note`. No secret stands in it.
 */
export function statusJson(environments: readonly EnvironmentStatus[]): object {
  return {
    version: 1,
    environments: environments.map(({ name, state, rows, remarks }) => ({
      name,
      state: stateJson(state),
      tokens: rows.map(tokenJson),
      remarks,
    })),
  };
}

function stateJson(state: State): object {
  const { kind } = state;
  return kind === 'elsewhere' ? { kind, backend: state.backend } : { kind, file: state.file };
}

function tokenJson(row: Row): object {
  const { cluster, node, identity, retained, release, there, accepted, missing, excess, expire, days } = row;
  const { wanted, found } = row.generation;
  const orNull = { release, there, accepted, missing, excess, days };
  return {
    ...{ cluster, node, identity, retained: retained === true },
    ...Object.fromEntries(Object.entries(orNull).map(([key, value]) => [key, value ?? null])),
    expires: expire ? new Date(expire * 1000).toISOString() : null,
    generation: { wanted: wanted ?? null, found: found ?? null },
    drift: row.drift,
    remarks: row.remarks,
  };
}
