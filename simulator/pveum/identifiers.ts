/** Forms of user, token, role, group and pool names. */
import { lengthOf, wholly } from './text';

const REALM = '[A-Za-z][A-Za-z0-9.\\-_]+';
const USER = '[^\\s:/]+';
export const TOKEN_ID_PATTERN = REALM;
export const USER_OR_TOKEN_PATTERN = `${USER}@${REALM}(?:!${REALM})?`;
const NAME = '[A-Za-z0-9.\\-_]+';

const userForm = wholly(`(${USER})@(${REALM})`);
const tokenForm = wholly(`((${USER})@(${REALM}))!(${REALM})`);
const nameForm = wholly(NAME);

export interface UserName {
  readonly userid: string;
  readonly name: string;
  readonly realm: string;
}

/** What is wrong with a user id, or the parts of a good one. */
export function readUserName(text: string): UserName | string {
  const length = lengthOf(text);
  if (length < 3) return `user name '${text}' is too short`;
  if (length > 64) return `user name '${text}' is too long (${length} > 64)`;
  const match = userForm.exec(text);
  if (!match) return `value '${text}' does not look like a valid user name`;
  return { userid: text, name: match[1] ?? '', realm: match[2] ?? '' };
}

export const isUserName = (text: string): boolean => typeof readUserName(text) !== 'string';

export interface TokenName {
  readonly userid: string;
  readonly tokenid: string;
}

export function splitToken(text: string): TokenName | undefined {
  const match = tokenForm.exec(text);
  return match ? { userid: match[1] ?? '', tokenid: match[4] ?? '' } : undefined;
}

export const isPlainName = (text: string): boolean => nameForm.test(text);
