import type { Field } from './field';
import { kindOf } from './readers';
import { show } from './redact';

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2}:\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2}))?$/;
/** Beyond it stand milliseconds: as seconds it would be the year 5138. */
const LATEST = 100_000_000_000;
const FIX = 'Write expire = "2027-12-31", "2027-12-31T18:00:00+01:00", seconds since 1970, or 0 for never.';

/** Seconds since the epoch; 0 is never. A date alone ends at its midnight UTC, when it begins. */
export function readExpire(field: Field): number | undefined {
  const { value } = field;
  if (!field.given) return undefined;
  const seconds = typeof value === 'string' ? secondsOf(value) : value;
  // A date in the past is taken as it is: what synthesis does must not depend on the day.
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds < LATEST) return seconds;
  const got =
    typeof value === 'string' || typeof value === 'number' ? `, got: ${show(value)}` : ` but ${kindOf(value)}`;
  const milliseconds = typeof seconds === 'number' && seconds >= LATEST;
  return field.refuse(
    `is not a time${got}`,
    milliseconds ? 'The node counts seconds; these look like milliseconds.' : 'It is when the token ceases to work.',
    milliseconds ? `Write expire = ${Math.floor(seconds / 1000)}.` : FIX,
  );
}

function secondsOf(text: string): number | undefined {
  const [, day, time, zone] = DATE.exec(text) ?? [];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The parser makes March 2 of February 30.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const moment = Date.parse(`${day}T${time ?? '00:00:00'}${(zone ?? 'Z').toUpperCase()}`);
  return Number.isNaN(moment) ? undefined : moment / 1000;
}
