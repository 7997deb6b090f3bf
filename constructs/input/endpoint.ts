import type { Field } from './field';
import { readText } from './readers';
import { show } from './redact';
import { isHost } from './syntax';

const EXAMPLE = 'https://nuc.example.net:8006';
const WHY = 'It is the address of the API as the consumer uses it, and the token is verified there.';

/** A checked `endpoint`: the text as it was given, and the host in it. */
export interface Endpoint {
  readonly url: string;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
}

export function readEndpoint(field: Field): Endpoint | undefined {
  if (!field.given) {
    return field.refuse('is missing', WHY, `Add endpoint = "${EXAMPLE}".`);
  }
  const url = readText(field, EXAMPLE);
  if (url === undefined) return undefined;
  const parsed = parseUrl(url);
  if (!parsed) {
    const completed = url.includes('://') ? undefined : parseUrl(`https://${url}`);
    const fix = completed ? `Write endpoint = "${asIntended(completed)}".` : `Write it like endpoint = "${EXAMPLE}".`;
    return field.refuse(`is not a URL, got: ${show(url)}`, WHY, fix);
  }
  const complaint = complainOf(parsed);
  if (complaint) {
    return field.refuse(
      `${complaint.what}, got: ${show(url)}`,
      complaint.why,
      `Write endpoint = "${asIntended(parsed)}".`,
    );
  }
  return { url, host: hostOf(parsed) };
}

function parseUrl(url: string): URL | undefined {
  // The parser would silently take blanks out and turn backslashes round; without `//` it takes a host for a scheme.
  if (!/^[A-Za-z]+:\/\/[^\s\\]+$/.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return isHost(hostOf(parsed)) && parsed.port !== '0' ? parsed : undefined;
}

function complainOf({ protocol, username, password, pathname, search, hash }: URL) {
  if (username || password) {
    return { what: 'holds user information', why: 'The token is the only credential that the consumer sends.' };
  }
  if (protocol !== 'https:') return { what: 'is not https', why: 'The token would cross the network in clear.' };
  if (pathname.startsWith('/api2')) {
    return { what: 'has a path', why: 'Consumers that need /api2/json add it themselves; verification does as well.' };
  }
  if (!/^\/?$/.test(pathname))
    return { what: 'has a path', why: 'The API of Proxmox VE stands at the root of its host.' };
  if (search || hash) return { what: 'has a query or a fragment', why: WHY };
  return undefined;
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

const asIntended = ({ hostname, port }: URL): string => `https://${hostname}${port ? `:${port}` : ''}`;
