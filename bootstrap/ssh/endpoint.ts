import { join } from 'node:path';

import type { ConfigFile, ConfigLine } from './config-lines';
import { type Found, firstWord, hostName, lookUp } from './config-lookup';
import { DEFAULT_SYSTEM_FOLDER, type Machine } from './machine';
import { sshConfigBroken } from './refusals';
import { absolute, expandPath, type Tokens } from './tokens';

/** What is asked for before the config files have had their say. */
export interface Wish {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** The settings' own key: then no other is tried. */
  readonly identityFile?: string;
  /** Pinned host key. */
  readonly pin?: string;
  /** Time limit of an attempt: the settings' for the node; for a jump host what stands in if the config says nothing. */
  readonly connectSeconds: number;
}

export interface IdentityFile {
  readonly path: string;
  /** `settings`: its faults are refused; `config`: reported; `default`: OpenSSH's own list, silent when absent. */
  readonly origin: 'settings' | 'config' | 'default';
}

/** One machine to log in to, with everything settled that can be settled without asking it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly IdentityFile[];
  /** The agent is used for the keys of `identityFiles` alone. */
  readonly identitiesOnly: boolean;
  readonly agentSocket?: string;
  readonly knownHostsFiles: readonly string[];
  /** The name it has in known_hosts. */
  readonly hostKeyName: string;
  /** Looked up when nothing stands under `hostKeyName`: the name without the port, as OpenSSH does. */
  readonly hostKeyFallback?: string;
  readonly pin?: string;
  readonly connectSeconds: number;
}

export interface Resolved {
  readonly endpoint: Endpoint;
  readonly found: Found;
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** The wish wins over the config files, and they over OpenSSH's defaults. Reads nothing. */
export function resolveEndpoint(wish: Wish, machine: Machine, files: readonly ConfigFile[]): Resolved {
  const found = lookUp(files, { host: wish.host, user: wish.user, localUser: machine.localUser });
  const user = wish.user ?? firstWord(found, 'user') ?? machine.localUser;
  const host = hostName(wish.host, found);
  const port = wish.port ?? numberOf(found, 'port', 65535) ?? 22;
  const names = hostKeyNames(host.toLowerCase(), port, firstWord(found, 'hostkeyalias'));
  const { home, project, localUser, agentSocket } = machine;
  const { hostKeyName } = names;
  const tokens = { home, project, localUser, agentSocket, host, original: wish.host, port, user, hostKeyName };
  const endpoint: Endpoint = {
    host,
    port,
    user,
    ...names,
    identityFiles: identityFiles(wish, found, tokens),
    identitiesOnly: wish.identityFile !== undefined || firstWord(found, 'identitiesonly')?.toLowerCase() === 'yes',
    agentSocket: agentOf(found, tokens),
    knownHostsFiles: knownHostsFiles(machine, found, tokens),
    pin: wish.pin,
    connectSeconds: wish.connectSeconds,
  };
  return { endpoint, found };
}

/** A positive whole number of the config files. */
export function numberOf(found: Found, keyword: string, most: number): number | undefined {
  const line = found.get(keyword)?.[0];
  const word = line?.words[0];
  if (line === undefined || word === undefined) return undefined;
  const value = Number(word);
  if (/^\d+$/.test(word) && value >= 1 && value <= most) return value;
  throw sshConfigBroken(line.place, `\`${line.keyword}\` is not a whole number from 1 to ${most}`);
}

function hostKeyNames(host: string, port: number, alias?: string) {
  if (alias !== undefined) return { hostKeyName: alias.toLowerCase() };
  return port === 22 ? { hostKeyName: host } : { hostKeyName: `[${host}]:${port}`, hostKeyFallback: host };
}

function identityFiles(wish: Wish, found: Found, tokens: Tokens): readonly IdentityFile[] {
  if (wish.identityFile !== undefined) return [{ path: absolute(wish.identityFile, tokens), origin: 'settings' }];
  const lines = found.get('identityfile') ?? [];
  if (lines.length === 0) {
    return DEFAULT_KEYS.map((name) => ({ path: join(tokens.home, '.ssh', name), origin: 'default' }));
  }
  const paths = lines.flatMap((line) => expandAll(line, tokens));
  return [...new Set(paths)].map((path) => ({ path, origin: 'config' }));
}

function agentOf(found: Found, tokens: Tokens): string | undefined {
  const line = found.get('identityagent')?.[0];
  const word = line?.words[0];
  if (line === undefined || word === undefined || word === 'SSH_AUTH_SOCK') return tokens.agentSocket;
  if (word.toLowerCase() === 'none') return undefined;
  // `$NAME` alone is the other way to name an environment variable here.
  return expandPath(word.replace(/^\$(\w+)$/, '${$1}'), tokens, line.place);
}

function knownHostsFiles(machine: Machine, found: Found, tokens: Tokens): readonly string[] {
  const user = join(machine.home, '.ssh');
  const system = machine.systemFolder ?? DEFAULT_SYSTEM_FOLDER;
  const pair = (folder: string, name: string) => [join(folder, name), join(folder, `${name}2`)];
  const named = (keyword: string) => {
    const line = found.get(keyword)?.[0];
    return line && expandAll(line, tokens);
  };
  return [
    ...(named('userknownhostsfile') ?? pair(user, 'known_hosts')),
    ...(named('globalknownhostsfile') ?? pair(system, 'ssh_known_hosts')),
  ];
}

const expandAll = (line: ConfigLine, tokens: Tokens): readonly string[] =>
  line.words.filter((word) => word.toLowerCase() !== 'none').map((word) => expandPath(word, tokens, line.place));
