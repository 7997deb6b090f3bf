/**
 * Readers of one field each: they return its value where it has the right shape. Otherwise they refuse it and return
 * what stands for an absent one, so that the checks after them go on and every problem is found in one go.
 */
import { type Field, isMap } from './field';
import { nearest } from './nearest';
import { show } from './redact';

/** What a value is, in the words of a tfvars file. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

function refuseKind(field: Field, wanted: string, fix: string): undefined {
  if (field.value === null) {
    return field.refuse('is null', `The key decides what is done, and null says nothing.`, fix);
  }
  return field.refuse(
    `is ${kindOf(field.value)}, not ${wanted}`,
    'Values are taken as they are, never converted.',
    fix,
  );
}

export function readText(field: Field, example: string): string | undefined {
  const { value } = field;
  if (!field.given || typeof value === 'string') return value as string | undefined;
  return refuseKind(field, 'a string', `Write ${field.setting(JSON.stringify(example))}.`);
}

export function readFlag(field: Field, fallback: boolean): boolean {
  const { value, key } = field;
  if (!field.given || typeof value === 'boolean') return (value as boolean | undefined) ?? fallback;
  const meant = value === 'true' || value === 'false';
  refuseKind(
    field,
    'true or false',
    `Write ${key} = ${meant ? `${value}, without quotes` : `true or ${key} = false`}.`,
  );
  return fallback;
}

/** `meaning` says what the number is, unit included: "The time limit of one command, in seconds." */
export function readWhole(field: Field, min: number, max: number, meaning: string): number | undefined {
  const { value, key } = field;
  if (!field.given) return undefined;
  const fix = `Write ${key} = a whole number from ${min} to ${max}, without quotes, or leave it out.`;
  if (typeof value !== 'number') return refuseKind(field, 'a number', fix);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  return field.refuse(`is not a whole number from ${min} to ${max}, got: ${show(value)}`, meaning, fix);
}

export function readChoice<T extends string>(field: Field, choices: readonly T[], fallback: T): T {
  const text = readText(field, fallback);
  const found = choices.find((choice) => choice === text);
  if (text !== undefined && found === undefined) {
    const list = choices.map((choice) => `"${choice}"`).join(', ');
    const meant = nearest(text, choices);
    field.refuse(
      `is not one of its values, got: ${show(text)}`,
      `There are ${list}; without the key it is "${fallback}".`,
      `Write ${field.key} = "${meant ?? fallback}".`,
    );
  }
  return found ?? fallback;
}

export function readList(field: Field, example: string): Field[] | undefined {
  const { value } = field;
  if (!field.given) return undefined;
  if (Array.isArray(value)) return value.map((_, index) => field.at(index));
  const items = typeof value === 'string' ? value.split(/[\s,;]+/).map(show) : [];
  return refuseKind(field, 'a list', `Write ${field.setting(items.length > 0 ? `[${items.join(', ')}]` : example)}.`);
}

/** A map with these keys and no others. */
export function readMap(field: Field, known: readonly string[], example: string): Field | undefined {
  if (field.fallback?.given) readMap(field.fallback, known, example);
  if (!field.given) return undefined;
  if (!isMap(field.value)) return refuseKind(field, 'a map', `Write ${field.setting(example)}.`);
  for (const key of Object.keys(field.value).filter((key) => !known.includes(key))) {
    const meant = refuseKey(field.at(key), known);
    if (meant && !field.at(meant).given) field.at(meant).settle();
  }
  return field;
}

function refuseKey(field: Field, known: readonly string[]): string | undefined {
  if (!field.given) return undefined;
  const meant = nearest(field.key, known);
  field.refuse(
    'is not a known key',
    `A key that is not understood would be ignored without a word. Known are: ${known.join(', ')}.`,
    meant ? `Write ${meant} instead.` : 'Take it out.',
  );
  return meant;
}
