/** What the API answers to one request, decided on the node's files. */
import { parseUserConfig } from '../pveum/parse-config';
import { permissionReport } from '../pveum/permissions';
import { privilegesOf } from '../pveum/privileges';
import type { Release } from '../pveum/releases';
import { parseSecrets } from '../pveum/secrets';
import type { Files } from '../pveum/session';
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

export function answer(question: Question): Answer {
  const { files, release, authorization = '', now, url, method } = question;
  const path = url.pathname.replace(/^\/api2\/json/, '').replace(/\/$/, '');
  // Anybody may read it: the login page offers these realms.
  if (path === '/access/domains' && method === 'GET')
    return give([
      { realm: 'pam', type: 'pam' },
      { realm: 'pve', type: 'pve' },
    ]);
  const ignore = () => undefined;
  const [, token] = /^PVEAPIToken[= ](.*)$/.exec(authorization) ?? [];
  if (token === undefined) return refuse(401, 'No ticket');
  const config = parseUserConfig(files['user.cfg'] ?? '', privilegesOf(release), ignore);
  const verdict = verifyToken(config, parseSecrets(files['priv/token.cfg'], ignore), token, now);
  if (!verdict.ok) return refuse(401, verdict.reason);
  if (method !== 'GET') return refuse(501, `Method '${method} ${path}' not implemented`);
  if (path === '/version') return give({ version: `${release}.1`, release, repoid: 'simulated' });
  if (path === '/access/permissions') {
    return give(permissionReport(config, verdict.id, url.searchParams.get('path') ?? undefined, release));
  }
  return refuse(501, `Method 'GET ${path}' not implemented`);
}
