import { below, type Place } from './place';
import type { Problems } from './problem';

export type Values = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The key's own value: a key such as `constructor` finds nothing of JavaScript's. */
export function own(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

/** Settings travel as JSON, where what is absent has no key. */
export function withoutAbsent<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}

/**
 * One value of the input together with its place, so that whoever finds fault with it can say where it stands.
 * A field over defaults answers with the default's field, place included, for every key that it lacks itself.
 */
export class Field {
  private constructor(
    readonly value: unknown,
    readonly place: Place,
    private readonly problems: Problems,
    /** It comes from the defaults, not from the entry itself. */
    readonly inherited: boolean,
    readonly fallback?: Field,
  ) {}

  static of(value: unknown, place: Place, problems: Problems): Field {
    return new Field(value, place, problems, false);
  }

  get given(): boolean {
    return this.value !== undefined;
  }

  /** Last part of the place. */
  get key(): string {
    return String(this.place.path.at(-1) ?? this.place.source);
  }

  /** `key = value`, as it should be written; an item of a list is the value alone. */
  setting(value: string): string {
    return typeof this.place.path.at(-1) === 'number' ? value : `${this.key} = ${value}`;
  }

  over(defaults: Field): Field {
    const fallback = new Field(defaults.value, defaults.place, this.problems, true);
    return new Field(this.given ? this.value : {}, this.place, this.problems, false, fallback);
  }

  at(key: string | number): Field {
    const value = own(this.value, key);
    const fallback = this.fallback?.at(key);
    if (value === undefined && fallback?.given) return fallback;
    return new Field(value, below(this.place, key), this.problems, this.inherited, fallback);
  }

  /** The same place with nothing in it: for a default that does not fit this entry. */
  without(): Field {
    return new Field(undefined, this.place, this.problems, this.inherited);
  }

  /** The problem of this place is told at another one. */
  settle(): void {
    this.problems.settle(this.place);
  }

  refuse(what: string, why: string, fix: string): undefined {
    this.problems.add(this.place, what, why, fix);
  }
}
