import { Refusal } from '../../contract/refusal';
import { lineOf, type Place, renderPlace } from './place';
import { redact } from './redact';
import { inProps } from './wording';

/** One thing in the input that has to be put right. No field holds a secret. */
export interface Problem {
  /** `env/lab.tfvars:12: proxmox.nuc.bootstrap.role`; without the line where the text is not at hand. */
  readonly place: string;
  readonly line?: number;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** Collects problems. The first one of a place stands: what follows from it would only be noise. */
export class Problems {
  private readonly byPath = new Map<string, Problem>();
  private readonly settled = new Set<string>();

  add(place: Place, what: string, why: string, fix: string): void {
    const key = keyOf(place);
    if (this.byPath.has(key) || this.settled.has(key)) return;
    const line = lineOf(place);
    const say = (text: string) => redact(place.inProps ? inProps(text) : text);
    this.byPath.set(key, {
      place: renderPlace(place),
      ...(line !== undefined && { line }),
      what: say(what),
      why: say(why),
      fix: say(fix),
    });
  }

  /** What is wrong at this place is told at another one. */
  settle(place: Place): void {
    this.settled.add(keyOf(place));
  }

  get none(): boolean {
    return this.byPath.size === 0;
  }

  /** By line where lines are known, otherwise in the order in which they were found. */
  get list(): Problem[] {
    return [...this.byPath.values()].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  }
}

const keyOf = (place: Place): string => JSON.stringify([place.source, place.path]);

export function renderProblem({ place, what, why, fix }: Problem): string {
  return [`${place}: ${what}`, `why: ${why}`, `fix: ${fix}`].join('\n  ');
}

/** The input is refused: every problem of it at once, in the order of the file. */
export class InvalidInput extends Refusal {
  constructor(
    readonly source: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super('INPUT_INVALID', `${source}: ${count}`, 'Nothing was synthesized.', 'Put right what is listed.');
    this.message = [`${source}: ${count}`, ...problems.map(renderProblem)].join('\n');
  }
}
