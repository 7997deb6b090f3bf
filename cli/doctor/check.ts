import { Refusal } from '../../contract/refusal';
import { type Settled, settle } from '../settled';
import { type Finding, type Found, foundIn, type Place, type Unseen } from './finding';

/** One thing that is looked at. A check knows nothing of the others; they share what they look at through their subject. */
export interface Check<S> {
  readonly name: string;
  /** For `--list`. */
  readonly about: string;
  /** The refusals that are its findings, whoever meets them first. */
  readonly owns?: (refusal: Refusal) => boolean;
  find(subject: S): Promise<readonly Found[]>;
}

/** Thrown by a check that cannot be made here, with the reason: nobody's fault. */
export class NotLookedAt extends Error {}

export const codes =
  (...all: readonly string[]) =>
  ({ code }: Refusal): boolean =>
    all.includes(code);

export interface Examined {
  readonly findings: readonly Finding[];
  readonly unseen: readonly Unseen[];
}

/**
 * Makes the chosen ones of these checks, at once. A refusal that several of them meet is one finding, of the check that owns it:
 * those before that one have passed, those behind it were not looked at. A check that crashes is a finding.
 */
export async function examine<S>(
  checks: readonly Check<S>[],
  isChosen: (name: string) => boolean,
  subject: S,
  place: Place,
): Promise<Examined> {
  const chosen = checks.filter(({ name }) => isChosen(name));
  const settled = await Promise.all(chosen.map((check) => settle(() => check.find(subject))));
  const findings: Finding[] = [];
  const unseen = new Map<string, string[]>();
  const told = new Set<string>();
  const miss = (name: string, because: string) => unseen.set(because, [...(unseen.get(because) ?? []), name]);
  for (const [index, check] of chosen.entries()) {
    const found = read(settled[index] ?? (() => []));
    if (found instanceof NotLookedAt) miss(check.name, found.message);
    else if (!(found instanceof Error)) findings.push(...found.map((one) => ({ check: check.name, ...place, ...one })));
    else {
      const owner = (found instanceof Refusal && checks.find(({ owns }) => owns?.(found))) || check;
      // Two connections that fail alike fail for one reason.
      if (!told.has(found.message)) findings.push({ check: owner.name, ...place, ...toldOf(check.name, found) });
      told.add(found.message);
      if (checks.indexOf(check) > checks.indexOf(owner)) miss(check.name, `of ${owner.name}`);
    }
  }
  return { findings, unseen: [...unseen].map(([because, names]) => ({ ...place, checks: names, because })) };
}

function read(settled: Settled<readonly Found[]>): readonly Found[] | Error {
  try {
    return settled();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function toldOf(check: string, error: Error): Found {
  if (error instanceof Refusal) return foundIn(error);
  return {
    tier: 'error',
    what: `Check ${check} ended by a defect of this program: ${error.message}`,
    why: 'The other checks were made all the same.',
    fix: `Please report it, with the output of \`proxmox-tokens doctor --check ${check} --json\`. \`--skip ${check}\` leaves it out.`,
  };
}
