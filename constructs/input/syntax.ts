/** Forms of what ends up on a command line, in a file or in a connection. */
import { isIPv6 } from 'node:net';

const HOST = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/;

/** A host name, an address, or an alias of `~/.ssh/config`; IPv6 without brackets. */
export function isHost(text: string): boolean {
  return HOST.test(text) || isIPv6(text);
}

/** A user of the node's operating system; `@` is for directory accounts. */
export function isUser(text: string): boolean {
  return USER.test(text);
}

/** `[user@]host[:port]`, an IPv6 address in brackets. */
export function isHop(text: string): boolean {
  const [, user, bracketed, host, port] = /^(?:(.*)@)?(?:\[(.*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const named = bracketed === undefined ? HOST.test(host ?? '') : isIPv6(bracketed);
  return named && (user === undefined || isUser(user)) && (port === undefined || isPort(Number(port)));
}

const isPort = (port: number): boolean => port >= 1 && port <= 65_535;
