/** Parameters of a command: their declaration and their verification. */
import { isPlainName, readUserName, splitToken } from './identifiers';
import type { Privileges } from './privileges';
import { lengthOf, splitList, wholly } from './text';

export type FormatName =
  | 'userid'
  | 'userid-list'
  | 'groupid'
  | 'groupid-list'
  | 'tokenid-list'
  | 'roleid'
  | 'roleid-list'
  | 'priv-list'
  | 'configid-list'
  | 'email-opt'
  | 'realm';

export interface Property {
  readonly type: 'string' | 'integer' | 'boolean' | 'array';
  readonly about: string;
  readonly optional?: boolean;
  readonly format?: FormatName;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly choices?: readonly string[];
  readonly requires?: string;
  readonly default?: string;
  /** Read without echo where it is not given. */
  readonly interactive?: boolean;
}

export type Properties = Readonly<Record<string, Property>>;
export type Params = Record<string, string>;

type Check = (value: string, privileges: Privileges) => string | undefined;

const checkUser: Check = (value) => {
  const user = readUserName(value);
  return typeof user === 'string' ? user : undefined;
};
const EMAIL_NAME = '[\\p{L}\\p{N}_+\\-~]+(?:\\.[\\p{L}\\p{N}_+\\-~]+)*';
const email = wholly(`${EMAIL_NAME}@[a-zA-Z0-9\\-]+(?:\\.[a-zA-Z0-9\\-]+)*`);

const FORMATS: Record<string, Check> = {
  userid: checkUser,
  groupid: (value) => (isPlainName(value) ? undefined : `group name '${value}' contains invalid characters`),
  roleid: (value) => (isPlainName(value) ? undefined : `role name '${value}' contains invalid characters`),
  tokenid: (value) => (splitToken(value) ? undefined : `value '${value}' does not look like a valid token ID`),
  priv: (value, privileges) => (privileges.valid.has(value) ? undefined : `invalid privilege '${value}'`),
  configid: (value) =>
    wholly('[A-Za-z][A-Za-z0-9_\\-]+').test(value) ? undefined : `invalid configuration ID '${value}'`,
  email: (value) => (email.test(value) ? undefined : 'value does not look like a valid email address'),
  realm: (value) =>
    wholly('[A-Za-z][A-Za-z0-9.\\-_]+').test(value) ? undefined : 'value does not look like a valid realm',
};

export const isList = (property: Property): boolean => property.format?.endsWith('-list') ?? false;

function checkFormat(format: FormatName, value: string, privileges: Privileges): string | undefined {
  const [, name = '', kind] = /^(.*?)(?:-(list|opt))?$/.exec(format) ?? [];
  const check = FORMATS[name];
  if (!check) return undefined;
  // An unknown entry is named alone, and the first one only.
  if (kind === 'list') {
    for (const part of splitList(value)) {
      const complaint = check(part, privileges);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  }
  if (kind === 'opt' && (value === '' || value === '0')) return undefined;
  return check(value, privileges);
}

function checkRange(value: string, property: Property): string | undefined {
  const { maxLength, minLength, minimum } = property;
  if (maxLength !== undefined && lengthOf(value) > maxLength) return `value may only be ${maxLength} characters long`;
  if (minLength !== undefined && lengthOf(value) < minLength) {
    return `value must be at least ${minLength} characters long`;
  }
  if (minimum !== undefined && Number(value) < minimum) return `value must have a minimum value of ${minimum}`;
  return undefined;
}

/** The first complaint about a value that was given. */
export function checkValue(value: string, property: Property, privileges: Privileges): string | undefined {
  const { type, format, pattern } = property;
  if (type === 'integer' && !/^[+-]?\d+\n?$/.test(value)) return `type check ('integer') failed - got '${value}'`;
  if (format !== undefined) {
    const complaint = checkFormat(format, value, privileges);
    if (complaint !== undefined) return `invalid format - ${complaint}\n`;
  }
  if (pattern !== undefined && !wholly(pattern).test(value)) return 'value does not match the regex pattern';
  return checkRange(value, property);
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
    const value = params[name];
    const complaint =
      value !== undefined
        ? checkValue(value, property, privileges)
        : property.optional
          ? undefined
          : 'property is missing and it is not optional';
    if (complaint !== undefined) errors.set(name, complaint);
    const needed = value !== undefined ? property.requires : undefined;
    if (needed !== undefined && params[needed] === undefined) errors.set(needed, missingText(name));
  }
  return errors;
}
