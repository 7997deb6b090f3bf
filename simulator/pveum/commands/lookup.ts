/** Finds users and tokens, or fails as the node does. */
import { failed } from '../failure';
import { readUserName, type UserName } from '../identifiers';
import type { Token, User, UserConfig } from '../model';

export function userName(text: string): UserName {
  const name = readUserName(text);
  if (typeof name === 'string') throw failed(name);
  return name;
}

export function existingUser(config: UserConfig, userid: string): User {
  userName(userid);
  const user = config.users.get(userid);
  if (!user) throw failed(`no such user ('${userid}')`);
  return user;
}

export function existingToken(config: UserConfig, userid: string, tokenid: string): Token {
  const token = existingUser(config, userid).tokens?.get(tokenid);
  if (!token) throw failed(`no such token '${tokenid}' for user '${userid}'`);
  return token;
}
