/** The node's own check of an API token, as the API and the test bed's helper use it. */
import { splitToken } from './identifiers';
import type { UserConfig } from './model';
import { isTrue } from './text';

export type Verdict = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): Verdict => ({ ok: false, reason });

export function verifyToken(
  config: UserConfig,
  secrets: ReadonlyMap<string, string>,
  given: string,
  now: number,
): Verdict {
  if (given === '') return refuse('no API token specified');
  const [, id, value] = /^(.*)=(.*)$/.exec(given) ?? [];
  if (id === undefined) return refuse('no tokenid specified');
  const name = splitToken(id);
  if (!name) return refuse(`'${id}' is not a valid token ID - not able to split into user and token parts`);
  const user = config.users.get(name.userid);
  if (!user) return refuse(`no such user ('${name.userid}')`);
  if (!isTrue(user.enable)) return refuse(`user '${name.userid}' is disabled`);
  if (isTrue(user.expire) && Number(user.expire) < now) return refuse(`user '${name.userid}' access expired`);
  const token = user.tokens?.get(name.tokenid);
  if (!token) return refuse(`no such token '${name.tokenid}' for user '${name.userid}'`);
  if (isTrue(token.expire) && Number(token.expire) < now) return refuse(`token '${name.tokenid}' access expired`);
  return secrets.get(id) === value ? { ok: true, id } : refuse('invalid token value!');
}
