/** pveum passwd, and the first password of a new user. */
import { command } from '../command';
import { failed } from '../failure';
import type { UserName } from '../identifiers';
import type { Traits } from '../releases';
import { parseShadow, shadowHash, writeShadow } from '../secrets';
import type { Session } from '../session';
import { existingUser, userName } from './lookup';
import { userid } from './properties';
import { realmTypes } from './realms';

export function setPassword(session: Session, { name, realm }: UserName, password: string): void {
  const type = realmTypes(session).get(realm);
  const exit = session.read('domains.cfg') === undefined ? 2 : undefined;
  if (type === undefined) throw failed(`auth domain '${realm}' does not exist`, exit);
  if (type === 'pam') throw failed(`change password failed: command 'usermod -p *** ${name}' failed: exit code 6`);
  if (type !== 'pve') throw failed(`can't set password on auth type '${type}'`);
  const shadow = parseShadow(session.read('priv/shadow.cfg'));
  session.write('priv/shadow.cfg', writeShadow(shadow.set(name, shadowHash(password))));
}

export const passwordCommand = (traits: Traits) =>
  command({
    family: 'PVE::API2::AccessControl',
    about: 'Change a password.',
    positional: ['userid'],
    properties: {
      userid,
      password: {
        type: 'string',
        about: 'The new password.',
        minLength: traits.limitsUserFields ? 8 : 5,
        maxLength: 64,
        interactive: true,
      },
      ...(traits.limitsUserFields
        ? {
            'confirmation-password': {
              type: 'string' as const,
              about: 'Password of whoever changes it.',
              optional: true,
              minLength: 5,
              maxLength: 64,
            },
          }
        : {}),
    },
    run: (session, { userid: id = '', password = '' }) => {
      existingUser(session.config, id);
      setPassword(session, userName(id), password);
      session.lockedTask ??= '';
    },
  });
