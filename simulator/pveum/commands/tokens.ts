/** pveum user token add|modify|delete|list */
import { alias, type Command, command } from '../command';
import { wrongParameter } from '../failure';
import type { Token } from '../model';
import type { Traits } from '../releases';
import type { Params } from '../schema';
import { parseSecrets, writeSecrets } from '../secrets';
import type { Session } from '../session';
import { isTrue, splitList } from '../text';
import { existingToken, existingUser } from './lookup';
import { tokenColumns, tokenFields, tokenid, userid } from './properties';

const family = 'PVE::API2::User';
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

function forget(token: Token, names: readonly string[]): void {
  for (const name of names) {
    // Told from under the lock, so as a plain text without usage.
    if (name !== 'comment') throw wrongParameter('delete', `unknown option '${name}'`);
    delete token.comment;
  }
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
    forget(token, isTrue(params.delete) ? splitList(params.delete) : []);
    const value = isTrue(params.regenerate) ? renewSecret(session, full) : undefined;
    session.saveConfig();
    return value === undefined ? token : { ...token, value, 'full-tokenid': full };
  });
}

function removeToken(session: Session, { userid: id = '', tokenid: name = '' }: Params): unknown {
  existingToken(session.config, id, name);
  return session.locked('deleting token failed', () => {
    changeSecrets(session, (secrets) => secrets.delete(`${id}!${name}`));
    session.config.users.get(id)?.tokens?.delete(name);
    session.saveConfig();
    return null;
  });
}

function listTokens(session: Session, { userid: id = '' }: Params): unknown {
  const tokens = existingUser(session.config, id).tokens ?? new Map<string, Token>();
  return [...tokens].map(([name, token]) => ({ tokenid: name, ...token }));
}

const modifyFields = (traits: Traits) => ({
  userid,
  tokenid,
  ...tokenFields,
  ...(traits.regenerate
    ? {
        regenerate: {
          type: 'boolean' as const,
          about: 'Give the token a new secret; the old one dies at once.',
          optional: true,
          default: '0',
        },
        delete: {
          type: 'string' as const,
          about: 'Settings to drop.',
          optional: true,
          format: 'configid-list' as const,
        },
      }
    : {}),
});

export function tokenCommands(traits: Traits) {
  const { tokenid: _, ...info } = tokenColumns;
  const secret = { value: { type: 'string' as const }, 'full-tokenid': { type: 'string' as const } };
  const remove: Command = command({
    family,
    about: 'Remove a token.',
    positional,
    properties: { userid, tokenid },
    output: 'result',
    returns: { type: 'null' },
    run: removeToken,
  });
  return {
    add: command({
      family,
      about: 'Make a token. Its secret is shown this once.',
      positional,
      properties: { userid, tokenid, ...tokenFields },
      output: 'result',
      returns: { type: 'object', properties: { info: { type: 'object' }, ...secret } },
      run: addToken,
    }),
    modify: command({
      family,
      about: 'Change a token.',
      positional,
      properties: modifyFields(traits),
      output: 'result',
      returns: { type: 'object', properties: traits.regenerate ? { ...info, ...secret } : info },
      run: modifyToken,
    }),
    ...(traits.tokenDelete ? { delete: remove, remove: alias('delete') } : { remove }),
    list: command({
      family,
      about: "List a user's tokens.",
      positional: ['userid'],
      properties: { userid },
      output: 'result',
      returns: { type: 'array', properties: tokenColumns },
      run: listTokens,
    }),
  };
}
