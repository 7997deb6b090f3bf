/** pveum user permissions and pveum user token permissions */
import type { Command } from '../command';
import { USER_OR_TOKEN_PATTERN } from '../identifiers';
import { permissionReport } from '../permissions';
import { path, tokenid, userid } from './properties';

const onePath = { ...path, optional: true };

export const userPermissions: Command = {
  positional: ['userid'],
  properties: { userid: { type: 'string', pattern: USER_OR_TOKEN_PATTERN, optional: true }, path: onePath },
  prints: true,
  run: ({ config, release }, params) => permissionReport(config, params.userid ?? 'root@pam', params.path, release),
};

export const tokenPermissions: Command = {
  positional: ['userid', 'tokenid'],
  properties: { userid, tokenid, path: onePath },
  prints: true,
  run: ({ config, release }, params) =>
    permissionReport(config, `${params.userid}!${params.tokenid}`, params.path, release),
};
