/** Parameters of a command: their declaration and their verification. */
import { isPlainName, readUserName, splitToken } from './identifiers';
import type { Privileges } from './privileges';
import { lengthOf, splitList, wholly } from './text';

const SINGLE = ['userid', 'groupid', 'roleid', 'email'] as const;
const LISTS = ['userid-list', 'groupid-list', 'tokenid-list', 'roleid-list', 'priv-list'] as const;

export interface Property {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly optional?: boolean;
  readonly format?: (typeof SINGLE)[number] | (typeof LISTS)[number];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly requires?: string;
}

export type Properties = Readonly<Record<string, Property>>;
export type Params = Record<string, string>;

type Check = (value: string, privileges: Privileges) => string | undefined;

const EMAIL_NAME = '[\\p{L}\\p{N}_+\\-~]+(?:\\.[\\p{L}\\p{N}_+\\-~]+)*';
const email = wholly(`${EMAIL_NAME}@[a-zA-Z0-9\\-]+(?:\\.[a-zA-Z0-9\\-]+)*`);

const CHECKS: Record<string, Check> = {
  userid: (value) => {
    const user = readUserName(value);
    return typeof user === 'string' ? user : undefined;
  },
  groupid: (value) => (isPlainName(value) ? undefined : `group name '${value}' contains invalid characters`),
  roleid: (value) => (isPlainName(value) ? undefined : `role name '${value}' contains invalid characters`),
  tokenid: (value) => (splitToken(value) ? undefined : `value '${value}' does not look like a valid token ID`),
  priv: (value, privileges) => (privileges.valid.has(value) ? undefined : `invalid privilege '${value}'`),
  // It may be left empty.
  email: (value) =>
    value === '' || value === '0' || email.test(value) ? undefined : 'value does not look like a valid email address',
};

export const isList = ({ format }: Property): boolean => format?.endsWith('-list') ?? false;

/** Of a list, a wrong entry is named alone, and the first one only. */
function checkFormat(value: string, property: Property, privileges: Privileges): string | undefined {
  const { format = '' } = property;
  const check = CHECKS[format.replace('-list', '')];
  const parts = isList(property) ? splitList(value) : [value];
  return parts.map((part) => check?.(part, privileges)).find((complaint) => complaint !== undefined);
}

/** The first complaint about a value that was given. */
function checkValue(value: string, property: Property, privileges: Privileges): string | undefined {
  const { type, pattern, maxLength, minLength, minimum } = property;
  if (type === 'integer' && !/^[+-]?\d+\n?$/.test(value)) return `type check ('integer') failed - got '${value}'`;
  const complaint = checkFormat(value, property, privileges);
  if (complaint !== undefined) return `invalid format - ${complaint}\n`;
  if (pattern !== undefined && !wholly(pattern).test(value)) return 'value does not match the regex pattern';
  if (maxLength !== undefined && lengthOf(value) > maxLength) return `value may only be ${maxLength} characters long`;
  if (minLength !== undefined && lengthOf(value) < minLength) {
    return `value must be at least ${minLength} characters long`;
  }
  if (minimum !== undefined && Number(value) < minimum) return `value must have a minimum value of ${minimum}`;
  return undefined;
}

/** All complaints about the parameters of one call. */
export function checkParams(
  params: Params,
  properties: Properties,
  privileges: Privileges,
  missingText: (name: string) => string,
): Map<string, string> {
  const errors = new Map<string, string>();
  for (const [name, property] of Object.entries(properties)) {
    const { [name]: value } = params;
    const missing = property.optional ? undefined : 'property is missing and it is not optional';
    const complaint = value === undefined ? missing : checkValue(value, property, privileges);
    if (complaint !== undefined) errors.set(name, complaint);
    const { requires } = property;
    if (value !== undefined && requires !== undefined && params[requires] === undefined) {
      errors.set(requires, missingText(name));
    }
  }
  return errors;
}
