/** What no value and no key may hold, wherever it stands: secrets, templates, and what a tfvars file cannot hold. */
import { checkIdentity, SECRET } from '../../contract/identifiers';
import { type Field, isMap } from './field';

/** A secret, wherever it stands in a text. */
const UUID = new RegExp(SECRET.source.slice(1, -1), 'i');
const TOKEN = new RegExp(`![A-Za-z0-9._-]+\\s*=\\s*${UUID.source}`, 'i');
const NAMED_SECRET = new RegExp(`(?:secret|passw|token)[A-Za-z0-9_]*["']?\\s*[=:]\\s*["']?${UUID.source}`, 'i');
const SECRET_KEY = /secret|passw|token|credential/i;
const TEMPLATE = /[$%]\{/;
/** What the parser makes of `expire = 2027-12-31`. */
const BARE_DATE = /^\$\{(\d{4}-\d{1,2}-\d{1,2})\}$/;
/** How `cdktf` writes a value that it does not know yet: it would put something else in the place of such a text. */
const PLACEHOLDER = /TfToken\[|^(?:String|Any) Map Token Value$/;

export const HOLDS_SECRET = 'holds a secret';
const COMMITTED =
  'This file is committed: whoever reads the repository could use the token. The secret is made at deploy and goes ' +
  'straight to the output.';
const LEAKED = 'If the file was ever committed, raise `generation` as well, so that the leaked secret dies.';

/** Refuses them in `field` and in everything below it. */
export function refuseNonLiterals(field: Field): void {
  const { value } = field;
  if (typeof value === 'string') {
    refuseText(field, value);
  } else if (Array.isArray(value)) {
    for (const index of value.keys()) refuseNonLiterals(field.at(index));
  } else if (isMap(value)) {
    for (const key of Object.keys(value)) {
      refuseKeyText(field.at(key), key);
      refuseNonLiterals(field.at(key));
    }
  } else if (typeof value === 'number') {
    refuseNumber(field, value);
  } else if (value !== undefined && value !== null && typeof value !== 'boolean') {
    const fix = 'Give a string, a number, true or false, a list or a map.';
    field.refuse(`is a ${typeof value}`, 'A tfvars file cannot hold that.', fix);
  }
}

function refuseKeyText(field: Field, key: string): void {
  if (TEMPLATE.test(key) || PLACEHOLDER.test(key)) refuseText(field, key);
  else if (TOKEN.test(key)) field.refuse(HOLDS_SECRET, COMMITTED, `Take it out. ${LEAKED}`);
}

function refuseText(field: Field, text: string): void {
  const [, date] = BARE_DATE.exec(text) ?? [];
  if (date !== undefined) {
    const fix = `Write ${field.setting(`"${date}"`)}.`;
    field.refuse('is a date without quotes', 'Without them it is a subtraction: a date needs quotes.', fix);
  } else if (TEMPLATE.test(text)) {
    field.refuse(
      'is an expression or a template',
      'A tfvars file holds literals: `${`, `%{`, references and function calls are not evaluated, also not when escaped.',
      'Write the value itself.',
    );
  } else if (PLACEHOLDER.test(text)) {
    field.refuse(
      'holds a placeholder of cdktf',
      '`cdktf` writes values that it does not know yet like that, and would put another text in its place.',
      'Write the value itself: it has to be known at synthesis.',
    );
  } else if (holdsSecret(field, text)) {
    field.refuse(HOLDS_SECRET, COMMITTED, `${cure(field, text)} ${LEAKED}`);
  }
}

function holdsSecret({ place, key }: Field, text: string): boolean {
  if (TOKEN.test(text)) return true;
  const identity = key === 'api_token' || place.path.at(-2) === 'retain';
  return (identity && text.includes('=')) || (SECRET_KEY.test(key) && UUID.test(text));
}

/** The line as it should read, where that can be told. */
function cure({ place, key }: Field, text: string): string {
  const identity = text.split('=')[0]?.trim() ?? '';
  if (!text.includes('=') || checkIdentity(identity) !== undefined) {
    return key === 'api_token' ? 'Write the identity alone: api_token = "user@realm!tokenid".' : 'Take it out.';
  }
  const line = place.lines?.lineOf(place.path);
  const wanted = typeof place.path.at(-1) === 'number' ? `"${identity}"` : `${key} = "${identity}"`;
  return line === undefined ? `Write ${wanted}.` : `Make line ${line} read: ${wanted}.`;
}

function refuseNumber(field: Field, value: number): void {
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return;
  field.refuse(
    'is a number that would be rounded',
    `Numbers of more than ${Number.MAX_SAFE_INTEGER} would reach the output with other digits.`,
    'Write it as a string, in quotes.',
  );
}

/** Lines, counted from 1, with a token and its secret anywhere in them: comments hold forgotten secrets too. */
export function findSecretLines(text: string): number[] {
  return text.split('\n').flatMap((line, index) => (TOKEN.test(line) || NAMED_SECRET.test(line) ? [index + 1] : []));
}

export const commentHoldsSecret = {
  what: HOLDS_SECRET,
  why: COMMITTED,
  fix: `Take it out of the line. ${LEAKED}`,
} as const;
