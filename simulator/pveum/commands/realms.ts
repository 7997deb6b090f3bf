/** pveum realm list, and what kind of realm a user belongs to. */
import { command } from '../command';
import type { Session } from '../session';

interface Realm {
  readonly type: string;
  readonly comment?: string;
  readonly default?: number;
}

/** The two realms of every node, and what domains.cfg adds. */
export function realms(session: Session): Map<string, Realm> {
  const found = new Map<string, Realm>([
    ['pam', { type: 'pam', comment: 'Linux PAM standard authentication' }],
    ['pve', { type: 'pve', comment: 'Proxmox VE authentication server' }],
  ]);
  let current = '';
  for (const line of (session.read('domains.cfg') ?? '').split('\n')) {
    const [, type, name] = /^(\S+):\s*(\S+)\s*$/.exec(line) ?? [];
    const [, key, value = ''] = /^\s+(\S+)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    if (type !== undefined && name !== undefined) {
      current = name;
      found.set(name, { ...found.get(name), type: type.toLowerCase() });
    } else if (key === 'comment')
      found.set(current, { ...found.get(current), type: typeOf(found, current), comment: value });
    else if (key === 'default') found.set(current, { ...found.get(current), type: typeOf(found, current), default: 1 });
  }
  return found;
}

const typeOf = (found: ReadonlyMap<string, Realm>, name: string): string => found.get(name)?.type ?? '';

export const realmTypes = (session: Session): Map<string, string> =>
  new Map([...realms(session)].map(([name, { type }]) => [name, type]));

export const realmCommands = {
  list: command({
    family: 'PVE::API2::Domains',
    about: 'List the realms.',
    positional: [],
    properties: {},
    output: 'result',
    returns: {
      type: 'array',
      properties: {
        realm: { type: 'string' },
        type: { type: 'string' },
        comment: { type: 'string', optional: true },
        tfa: { type: 'string', optional: true },
      },
    },
    run: (session) => [...realms(session)].map(([realm, entry]) => ({ realm, ...entry })),
  }),
};
