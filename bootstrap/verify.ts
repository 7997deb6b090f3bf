import { type RequestOptions, request } from 'node:https';
import { errorCode } from '../contract/error-code';
import type { VerifySettings } from '../contract/settings';
import { describeCertificate } from './certificate';
import { printable } from './foreign-text';
import { apiUnreachable, apiUntrusted, privilegesMissing, tokenRefused } from './refusals';

/** The API as the consumer reaches it, with the text of its CA certificates. */
export interface Api extends VerifySettings {
  readonly ca?: string;
}

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

const PERMISSIONS = '/api2/json/access/permissions';
/** The list of realms, which the login page needs: anybody may read it (measured: at once). */
const DOMAINS = '/api2/json/access/domains';

/**
 * Asks whether the API of Proxmox VE is there, under the entry's TLS policy: before a secret is made or replaced for a consumer
 * that could not use it, and before one is sent there. Where the list of realms is not to be had, a refusal to show permissions
 * without login will do, which takes a node 3 seconds (measured).
 */
export async function reachApi(api: Api): Promise<void> {
  const realms = await ask(api, DOMAINS, {}, SECONDS);
  if (realms.status === 200 && isRealmList(realms.body)) return;
  const { status } = await ask(api, PERMISSIONS, {}, SECONDS);
  if (status !== 401) throw apiUnreachable(api.endpoint, `a request without login got status ${status}, not 401`);
}

function isRealmList(body: string): boolean {
  try {
    const { data } = JSON.parse(body) as { data?: unknown };
    return Array.isArray(data) && data.some((row: { realm?: unknown }) => row?.realm === 'pam');
  } catch {
    return false;
  }
}

/** Uses the token as its consumer will: over HTTPS, under the entry's TLS policy. Throws where anything is missing. */
export async function verifyToken(api: Api, secret: string, expected: Expected, seconds = SECONDS): Promise<void> {
  const missing = missingPrivileges(await readPermissions(api, secret, expected, seconds), expected);
  if (missing.length > 0) throw privilegesMissing(expected.identity, missing);
}

/** What the API says that the token may do, on those paths at least. Throws where it does not take the token. */
export async function readPermissions(
  api: Api,
  secret: string,
  { identity, paths }: Pick<Expected, 'identity' | 'paths'>,
  seconds = SECONDS,
): Promise<Permissions> {
  const headers = { authorization: `PVEAPIToken=${identity}=${secret}` };
  const held = async (path?: string): Promise<Permissions> => {
    const query = path === undefined ? '' : `?path=${encodeURIComponent(path)}`;
    const reply = await ask(api, `${PERMISSIONS}${query}`, headers, seconds);
    if (reply.status === 401 || reply.status === 403)
      throw tokenRefused(identity, printable(`${reply.status} ${reply.message}`));
    const permissions = reply.status === 200 ? parsePermissions(reply.body) : undefined;
    if (permissions !== undefined) return permissions;
    throw apiUnreachable(api.endpoint, `the token's request got status ${reply.status} and no permissions`);
  };
  let permissions = await held();
  // The whole report leaves out paths without an ACL entry, whatever is inherited there (measured).
  for (const path of paths.filter((candidate) => permissions[candidate] === undefined))
    permissions = { ...permissions, ...(await held(path)) };
  return permissions;
}

/** What the token lacks, path by path. */
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
  { endpoint, insecure, ca }: Api,
  route: string,
  headers: Record<string, string>,
  seconds: number,
): Promise<Reply> {
  const url = new URL(route, endpoint);
  // For the whole answer, not for each part of it.
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    return await send(url, { ca, rejectUnauthorized: !insecure, headers, agent: false, signal });
  } catch (cause) {
    if (signal.aborted) throw apiUnreachable(endpoint, `no whole answer came within ${seconds} s`);
    const code = errorCode(cause);
    if (!UNTRUSTED.test(code)) throw apiUnreachable(endpoint, code);
    throw apiUntrusted(endpoint, code, await describeCertificate(endpoint), ca !== undefined);
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
