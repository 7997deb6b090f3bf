/** pveum user token add|modify|delete|list */
import type { Command, Commands } from '../command';
import { wrongParameter } from '../failure';
import type { Token } from '../model';
import type { Traits } from '../releases';
import type { Params } from '../schema';
import { parseSecrets, writeSecrets } from '../secrets';
import type { Session } from '../session';
import { isTrue } from '../text';
import { existingToken, existingUser } from './lookup';
import { flag, tokenFields, tokenid, userid } from './properties';

const positional = ['userid', 'tokenid'];

function changeSecrets(session: Session, change: (secrets: Map<string, string>) => void): void {
  const secrets = parseSecrets(session.read('priv/token.cfg'), (line) => session.warn(line));
  change(secrets);
  session.write('priv/token.cfg', writeSecrets(secrets));
}

function renewSecret(session: Session, name: string): string {
  const value = session.call.newSecret();
  changeSecrets(session, (secrets) => secrets.set(name, value));
  return value;
}

function addToken(session: Session, { userid: id = '', tokenid: name = '', ...params }: Params): unknown {
  const user = existingUser(session.config, id);
  if (user.tokens?.has(name)) throw wrongParameter('tokenid', 'Token already exists.');
  return session.locked('generating token failed', () => {
    const full = `${id}!${name}`;
    const value = renewSecret(session, full);
    const token: Token = { privsep: params.privsep ?? 1 };
    if (params.expire !== undefined) token.expire = params.expire;
    if (isTrue(params.comment)) token.comment = params.comment;
    user.tokens = (user.tokens ?? new Map<string, Token>()).set(name, token);
    session.saveConfig();
    return { info: token, value, 'full-tokenid': full };
  });
}

function modifyToken(session: Session, { userid: id = '', tokenid: name = '', ...params }: Params): unknown {
  const token = existingToken(session.config, id, name);
  const full = `${id}!${name}`;
  return session.locked('updating token info failed', () => {
    if (params.privsep !== undefined) token.privsep = params.privsep;
    if (params.expire !== undefined) token.expire = params.expire;
    // Before 9.1 a remark can be replaced, but not dropped.
    if (session.traits.regenerate ? params.comment !== undefined : isTrue(params.comment))
      token.comment = params.comment;
    if (token.comment === '') delete token.comment;
    const value = isTrue(params.regenerate) ? renewSecret(session, full) : undefined;
    session.saveConfig();
    return value === undefined ? token : { ...token, value, 'full-tokenid': full };
  });
}

function removeToken(session: Session, { userid: id = '', tokenid: name = '' }: Params): void {
  existingToken(session.config, id, name);
  session.locked('deleting token failed', () => {
    changeSecrets(session, (secrets) => secrets.delete(`${id}!${name}`));
    session.config.users.get(id)?.tokens?.delete(name);
    session.saveConfig();
  });
}

function listTokens(session: Session, { userid: id = '' }: Params): unknown {
  const tokens = existingUser(session.config, id).tokens ?? new Map<string, Token>();
  return [...tokens].map(([name, token]) => ({ tokenid: name, ...token }));
}

export function tokenCommands({ tokenDelete, regenerate }: Traits): Commands {
  const names = { userid, tokenid };
  const remove: Command = { positional, properties: names, prints: true, run: removeToken };
  return {
    'user token add': { positional, properties: { ...names, ...tokenFields }, prints: true, run: addToken },
    'user token modify': {
      positional,
      properties: { ...names, ...tokenFields, ...(regenerate ? { regenerate: flag } : {}) },
      prints: true,
      run: modifyToken,
    },
    'user token remove': remove,
    ...(tokenDelete ? { 'user token delete': remove } : {}),
    'user token list': { positional: ['userid'], properties: { userid }, prints: true, run: listTokens },
  };
}
