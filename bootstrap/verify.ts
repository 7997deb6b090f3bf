import { type RequestOptions, request } from 'node:https';
import type { VerifySettings } from '../contract/settings';
import { maskForeign } from './foreign-text';
import { apiUnreachable, apiUntrusted, privilegesMissing, tokenRefused } from './refusals';

/** What the verification expects of a token. */
export interface Expected {
  readonly identity: string;
  readonly paths: readonly string[];
  /** Absent: any will do. */
  readonly privileges?: readonly string[];
}

/** `GET /access/permissions`: a path, its privileges, whether each propagates (0 or 1). A token may always read its own. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Reply {
  readonly status: number;
  readonly message: string;
  readonly body: string;
}

const SECONDS = 15;
const MAX_BODY = 4 * 1024 * 1024;
/** Failures of the TLS handshake that mean that the certificate, not the network, is at fault. */
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

/**
 * Asks whether the API answers at all, under the entry's TLS policy: before a secret is made or replaced for a consumer that
 * could not use it. Any answer will do, also that it wants a login.
 */
export async function reachApi(settings: VerifySettings, ca: string | undefined): Promise<void> {
  await ask(settings, ca, {}, SECONDS);
}

/** Uses the token as its consumer will: over HTTPS, under the entry's TLS policy. Throws where anything is missing. */
export async function verifyToken(
  settings: VerifySettings,
  ca: string | undefined,
  secret: string,
  expected: Expected,
  seconds: number = SECONDS,
): Promise<void> {
  const authorization = `PVEAPIToken=${expected.identity}=${secret}`;
  const reply = await ask(settings, ca, { authorization }, seconds);
  if (reply.status === 401 || reply.status === 403)
    throw tokenRefused(expected.identity, maskForeign(`${reply.status} ${reply.message}`));
  const permissions = reply.status === 200 ? parsePermissions(reply.body) : undefined;
  if (permissions === undefined)
    throw apiUnreachable(settings.endpoint, `it is no Proxmox VE API (status ${reply.status})`);
  const missing = missingPrivileges(permissions, expected);
  if (missing.length > 0) throw privilegesMissing(expected.identity, missing);
}

/** What the token lacks, a text a path. */
export function missingPrivileges(permissions: Permissions, { paths, privileges }: Expected): readonly string[] {
  return paths.flatMap((path) => {
    const granted = permissions[path] ?? {};
    const lacking = privileges?.filter((privilege) => granted[privilege] === undefined) ?? [];
    if (lacking.length > 0) return [`${lacking.join(', ')} on ${path}`];
    return Object.keys(granted).length === 0 ? [`every privilege on ${path}`] : [];
  });
}

function parsePermissions(body: string): Permissions | undefined {
  try {
    const { data } = JSON.parse(body) as { data?: Permissions };
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}

async function ask(
  { endpoint, insecure }: VerifySettings,
  ca: string | undefined,
  headers: Record<string, string>,
  seconds: number,
): Promise<Reply> {
  const url = new URL('/api2/json/access/permissions', endpoint);
  // For the whole answer, not for each part of it.
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    return await send(url, { ca, rejectUnauthorized: !insecure, headers, agent: false, signal });
  } catch (cause) {
    if (signal.aborted) throw apiUnreachable(endpoint, `no whole answer came within ${seconds} s`);
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    throw UNTRUSTED.test(code) ? apiUntrusted(endpoint, code) : apiUnreachable(endpoint, code);
  }
}

function send(url: URL, options: RequestOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(url, options);
    call.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_BODY) call.destroy(Object.assign(new Error('too much'), { code: 'ANSWER_TOO_LARGE' }));
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, message: response.statusMessage ?? '', body }),
      );
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}
