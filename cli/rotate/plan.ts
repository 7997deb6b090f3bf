import type { ClusterEntry } from '../../constructs/input/entry';
import { parseIdentity } from '../../contract/identifiers';
import type { Edit } from '../env-file/edit';
import { WrongUse } from '../exit';

export interface RotationWish {
  readonly generation?: string;
  readonly withoutOutage: boolean;
  readonly finish: boolean;
  /** `2026-11-24` */
  readonly today: string;
}

/** What a rotation changes in the env file. */
export interface Rotation {
  readonly edits: readonly Edit[];
  /** Said before it begins. */
  readonly lines: readonly string[];
  /** Said when it is through. */
  readonly after: readonly string[];
}

/** Decides the edits. Throws `WrongUse` where there is nothing to rotate or to finish. */
export function planRotation(entries: readonly ClusterEntry[], wish: RotationWish): Rotation {
  if (wish.withoutOutage && wish.finish)
    throw new WrongUse('`--without-outage` begins what `--finish` ends: use one of them.');
  const parts = entries.map((entry) => planOne(entry, wish));
  return {
    edits: parts.flatMap(({ edits }) => edits),
    lines: parts.map(({ line }) => line),
    after: wish.withoutOutage ? ['When all consumers have read the new file, run the same command with --finish.'] : [],
  };
}

function planOne(entry: ClusterEntry, wish: RotationWish): { readonly edits: readonly Edit[]; readonly line: string } {
  const { name, identity, retain } = entry;
  const set = (key: string, value: Edit['value']): Edit => ({ path: ['proxmox', name, 'bootstrap', key], value });
  if (wish.finish) {
    if (retain.length === 0)
      throw new WrongUse(`Cluster \`${name}\` has no token in \`retain\`: there is nothing to finish.`);
    return { edits: [set('retain', [])], line: `${name}: ${retain.join(', ')} will be removed` };
  }
  if (wish.withoutOutage) {
    const next = nextIdentity(identity, [identity, ...retain]);
    return {
      edits: [{ path: ['proxmox', name, 'api_token'], value: next }, set('retain', [identity, ...retain])],
      line: `${name}: ${next} will be made, ${identity} goes on working`,
    };
  }
  const generation = wish.generation ?? nextGeneration(entry.generation, wish.today);
  if (generation === entry.generation)
    throw new WrongUse(`Cluster \`${name}\` has generation \`${generation}\` already.`);
  return {
    edits: [set('generation', generation)],
    line: `${name}: ${identity} gets a new secret (generation ${generation})`,
  };
}

/** `1` to `2`; a text becomes the date. */
function nextGeneration(generation: string, today: string): string {
  if (/^\d{1,15}$/.test(generation)) return String(Number(generation) + 1);
  return generation === today ? `${today}.2` : today;
}

/** `opentofu@pve!ci` to `opentofu@pve!ci-2`, and on to `-3`. */
function nextIdentity(identity: string, taken: readonly string[]): string {
  const { userid, tokenid } = parseIdentity(identity);
  const [, base = tokenid, number = '1'] = /^(.+?)(?:-(\d{1,4}))?$/.exec(tokenid) ?? [];
  for (let next = Number(number) + 1; ; next += 1) {
    const candidate = `${userid}!${base}-${next}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
