import type { ConfigFile, ConfigLine } from './config-lines';
import { matchesList } from './patterns';
import { sshConfigBroken } from './refusals';

/** Whom the config files are asked about. */
export interface Query {
  /** As the settings or a `ProxyJump` name it. */
  readonly host: string;
  /** The user that is already settled, if any. */
  readonly user?: string;
  readonly localUser: string;
}

/** Directives that hold for one host, by keyword; the first one wins, `identityfile` gathers. */
export type Found = ReadonlyMap<string, readonly ConfigLine[]>;

export function lookUp(files: readonly ConfigFile[], query: Query): Found {
  const found = new Map<string, ConfigLine[]>();
  for (const file of files) collect(file, query, found, true);
  return found;
}

function collect(file: ConfigFile, query: Query, found: Map<string, ConfigLine[]>, outer: boolean): void {
  let active = outer;
  for (const line of file) {
    if (line.keyword === 'host') active = outer && matchesList(line.words, query.host);
    else if (line.keyword === 'match') active = outer && matchHolds(line, query, found);
    else if (line.keyword === 'include') {
      // An included file may start blocks of its own, but only inside a block that holds, and they end with the file.
      for (const included of line.included ?? []) collect(included, query, found, active);
    } else if (active) add(line, found);
  }
}

function add(line: ConfigLine, found: Map<string, ConfigLine[]>): void {
  const earlier = found.get(line.keyword);
  if (earlier === undefined) found.set(line.keyword, [line]);
  else if (line.keyword === 'identityfile') earlier.push(line);
}

/** `all`, `host`, `originalhost`, `user`, `localuser`. A block with another criterion (`exec`, `final`…) is left out. */
function matchHolds(line: ConfigLine, query: Query, found: Found): boolean {
  const words = [...line.words];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const negated = word.startsWith('!');
    const criterion = word.replace(/^!/, '').toLowerCase();
    const subject = subjectOf(criterion, query, found);
    if (criterion !== 'all' && subject === undefined) return false;
    const holds = subject === undefined || matchesList(argumentOf(words, line), subject);
    if (holds === negated) return false;
  }
  return true;
}

function argumentOf(words: string[], line: ConfigLine): readonly string[] {
  const argument = words.shift();
  if (argument === undefined) throw sshConfigBroken(line.place, 'a criterion of `Match` has no value');
  return argument.split(',');
}

function subjectOf(criterion: string, query: Query, found: Found): string | undefined {
  if (criterion === 'host') return hostName(query.host, found);
  if (criterion === 'originalhost') return query.host;
  if (criterion === 'user') return query.user ?? firstWord(found, 'user') ?? query.localUser;
  if (criterion === 'localuser') return query.localUser;
  return undefined;
}

export const firstWord = (found: Found, keyword: string): string | undefined => found.get(keyword)?.[0]?.words[0];

/** The name or address to connect to: `HostName`, in which %h is the name that was asked for. */
export function hostName(host: string, found: Found): string {
  return firstWord(found, 'hostname')?.replace(/%([h%])/g, (_, token) => (token === 'h' ? host : '%')) ?? host;
}
