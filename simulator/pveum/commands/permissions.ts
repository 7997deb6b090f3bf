/** pveum user permissions and pveum user token permissions */
import { command } from '../command';
import { failed } from '../failure';
import { splitToken, USER_OR_TOKEN_PATTERN } from '../identifiers';
import { permissionReport } from '../permissions';
import type { Params } from '../schema';
import type { Session } from '../session';
import { onePath, tokenid, userid } from './properties';

const report = (session: Session, id: string, params: Params): unknown =>
  permissionReport(session.config, id, params.path, session.release);

export const userPermissions = command({
  family: 'PVE::API2::AccessControl',
  about: 'Show what a user or token may do.',
  positional: ['userid'],
  properties: {
    userid: { type: 'string', about: 'User or token.', pattern: USER_OR_TOKEN_PATTERN, optional: true },
    path: onePath,
  },
  output: 'permissions',
  run: (session, params) => report(session, params.userid ?? 'root@pam', params),
});

export const tokenPermissions = command({
  family: 'PVE::CLI::pveum',
  about: 'Show what a token may do.',
  positional: ['userid', 'tokenid'],
  properties: { userid, tokenid, path: onePath },
  output: 'permissions',
  run: (session, params) => {
    const id = `${params.userid}!${params.tokenid}`;
    if (!splitToken(id)) throw failed(`value '${id}' does not look like a valid token ID`);
    return report(session, id, params);
  },
});
