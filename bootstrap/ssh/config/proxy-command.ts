import { proxyTokenUnknown, proxyWordUnsafe } from './refusals';

/** What the tokens of a ProxyCommand stand for. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The name that was asked for. */
  readonly original: string;
  readonly alias?: string;
}

// As OpenSSH has refused them since 9.6. A user name may hold `$` and `\`, as those of some directories do.
const UNSAFE_HOST = /^-|['`"$\\;&<>|(){},\s\p{Cc}]/u;
const UNSAFE_USER = /^-|['`";&<>|(){}\p{Cc}]|\s-|\\$/u;

/** The shell line to run. The shell makes way for the command, so that ending the one ends the other. */
export function expandProxyCommand(command: string, { host, port, user, original, alias }: ProxyTarget): string {
  const values: Readonly<Record<string, string>> = {
    '%%': '%',
    '%h': host,
    '%k': alias ?? original,
    '%n': original,
    '%p': `${port}`,
    '%r': user,
  };
  return `exec ${command}`.replace(/%.?/gu, (token) => {
    const value = values[token];
    if (value === undefined) throw proxyTokenUnknown(original, token);
    if ((token === '%r' ? UNSAFE_USER : UNSAFE_HOST).test(value)) throw proxyWordUnsafe(original, value);
    return value;
  });
}
