import { isAbsolute, join, resolve } from 'node:path';

import { sshConfigBroken } from './refusals';

/** What the tokens of OpenSSH's path options stand for. */
export interface Tokens {
  readonly home: string;
  readonly project: string;
  /** %h */
  readonly host: string;
  /** %n */
  readonly original: string;
  /** %p */
  readonly port: number;
  /** %r */
  readonly user: string;
  /** %u */
  readonly localUser: string;
  /** %k */
  readonly hostKeyName: string;
  readonly agentSocket?: string;
}

/** A path of an ssh config file: `~`, %-tokens and the few environment variables that we know the value of. */
export function expandPath(text: string, tokens: Tokens, place: string): string {
  const byLetter: Readonly<Record<string, string>> = {
    '%': '%',
    d: tokens.home,
    h: tokens.host,
    k: tokens.hostKeyName,
    n: tokens.original,
    p: String(tokens.port),
    r: tokens.user,
    u: tokens.localUser,
  };
  const byName: Readonly<Record<string, string | undefined>> = {
    HOME: tokens.home,
    USER: tokens.localUser,
    SSH_AUTH_SOCK: tokens.agentSocket,
  };
  const expanded = text.replace(/%(.?)|\$\{(\w+)\}/g, (whole, letter?: string, name?: string) => {
    const value = name === undefined ? byLetter[letter ?? ''] : byName[name];
    if (value === undefined) throw sshConfigBroken(place, `\`${whole}\` is not supported in a path`);
    return value;
  });
  return absolute(expanded, tokens);
}

/** A path of the settings or of an ssh config file, made absolute. */
export function absolute(path: string, from: { readonly home: string; readonly project: string }): string {
  if (path === '~') return from.home;
  if (path.startsWith('~/')) return join(from.home, path.slice(2));
  return isAbsolute(path) ? path : resolve(from.project, path);
}
