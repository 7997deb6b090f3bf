/** What the API answers to one request, decided on the node's files. */

import type { UserConfig } from '../pveum/model';
import { parseUserConfig } from '../pveum/parse-config';
import { permissionReport, permissionsAt } from '../pveum/permissions';
import { privilegesOf } from '../pveum/privileges';
import { type Release, traitsOf } from '../pveum/releases';
import { parseSecrets } from '../pveum/secrets';
import type { Files } from '../pveum/session';
import { sorted } from '../pveum/text';
import { verifyToken } from '../pveum/verify-token';

export interface Question {
  readonly release: Release;
  readonly files: Files;
  readonly method: string;
  readonly url: URL;
  readonly authorization?: string;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface Answer {
  readonly status: number;
  /** The node tells the reason in the status line and sends no body then. */
  readonly reason: string;
  readonly data?: unknown;
}

const refuse = (status: number, reason: string): Answer => ({ status, reason });
const give = (data: unknown): Answer => ({ status: 200, reason: 'OK', data });

function version(release: Release): Answer {
  const [, full = '', repoid = ''] = /^pve-manager\/([^/]+)\/(\S+)/.exec(traitsOf(release).version) ?? [];
  return give({ version: full, release: release.split('.').slice(0, 2).join('.'), repoid });
}

function permissions(config: UserConfig, id: string, { release, url }: Question): Answer {
  const subject = url.searchParams.get('userid') ?? id;
  const isOwn = subject === id || subject.startsWith(`${id}!`);
  if (!isOwn && !permissionsAt(config, id, '/access').has('Sys.Audit')) {
    return refuse(403, 'Permission check failed (/access, Sys.Audit)');
  }
  return give(permissionReport(config, subject, url.searchParams.get('path') ?? undefined, release));
}

/** Others than auditors see themselves alone. */
function users(config: UserConfig, id: string): Answer {
  const held = permissionsAt(config, id, '/access/groups');
  const seesAll = held.has('User.Modify') || held.has('Sys.Audit');
  const names = sorted(config.users.keys()).filter((name) => seesAll || name === id);
  return give(
    names.map((userid) => {
      const { groups: _groups, tokens: _tokens, ...fields } = config.users.get(userid) ?? { enable: 0 };
      return { userid, ...fields };
    }),
  );
}

export function answer(question: Question): Answer {
  const { files, release, authorization = '', now, url, method } = question;
  const ignore = () => undefined;
  const [, token] = /^PVEAPIToken[= ](.*)$/.exec(authorization) ?? [];
  if (token === undefined) return refuse(401, 'No ticket');
  const config = parseUserConfig(files['user.cfg'] ?? '', privilegesOf(release), ignore);
  const verdict = verifyToken(config, parseSecrets(files['priv/token.cfg'], ignore), token, now);
  if (!verdict.ok) return refuse(401, verdict.reason);
  const path = url.pathname.replace(/^\/api2\/json/, '').replace(/\/$/, '');
  if (method !== 'GET') return refuse(501, `Method '${method} ${path}' not implemented`);
  if (path === '/version') return version(release);
  if (path === '/access/permissions') return permissions(config, verdict.id, question);
  if (path === '/access/users') return users(config, verdict.id);
  return refuse(501, `Method 'GET ${path}' not implemented`);
}
