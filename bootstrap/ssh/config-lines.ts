import { parse } from 'ssh-config';

import { sshConfigBroken } from './refusals';

/** One directive of an ssh config file. */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  readonly words: readonly string[];
  /** `file:line` */
  readonly place: string;
  /** For `Include`: what the named files hold. */
  readonly included?: readonly ConfigFile[];
}

export type ConfigFile = readonly ConfigLine[];

/**
 * The library parses line by line here: a directive never spans lines in OpenSSH either, every line keeps its place for
 * messages, and one line's fault cannot swallow the next.
 */
export function parseConfig(text: string, file: string): ConfigFile {
  return text.split(/\r?\n/).flatMap((line, index) => parseLine(line, `${file}:${index + 1}`));
}

function parseLine(text: string, place: string): readonly ConfigLine[] {
  // Our own reading of `Match` needs its words in order, and the library refuses some criteria that OpenSSH knows.
  const match = /^\s*match(?=[\s=])/i.test(text);
  const [directive] = parseDirectives(match ? text.replace(/match/i, 'Host') : text, place);
  if (directive === undefined) return [];
  const words = (Array.isArray(directive.value) ? directive.value.map(({ val }) => val) : [directive.value]).filter(
    (word) => word !== '',
  );
  if (words.length === 0) throw sshConfigBroken(place, `\`${directive.param}\` has no value`);
  return [{ keyword: match ? 'match' : directive.param.toLowerCase(), words, place }];
}

function parseDirectives(text: string, place: string) {
  try {
    return [...parse(text)].flatMap((line) => ('param' in line && line.param !== '' ? [line] : []));
  } catch {
    // The parser's text quotes the line; a file that was named by mistake may hold anything.
    throw sshConfigBroken(place, 'a value is missing or a quote is not closed');
  }
}
