/** pveum user tfa delete|list|unlock: second factors can be shown and dropped here, not set up. */
import { type Command, command } from '../command';
import { failed } from '../failure';
import type { Traits } from '../releases';
import type { Params } from '../schema';
import { parseFactors, writeFactors } from '../secrets';
import type { Session } from '../session';
import { sorted } from '../text';
import { userid } from './properties';

const family = 'PVE::CLI::pveum';
const positional = ['userid'];
type Entries = Record<string, { id?: string; description?: string }[]>;

const factorsOf = (session: Session) => parseFactors(session.read('priv/tfa.cfg'));

function deleteFactors(session: Session, params: Params): void {
  const { userid: id = '', id: factor } = params;
  session.lockedTask = '';
  const factors = factorsOf(session);
  const entries = (factors.users?.[id] ?? {}) as Entries;
  if (factor !== undefined) {
    const kind = Object.keys(entries).find((name) => entries[name]?.some((entry) => entry.id === factor));
    if (kind === undefined) throw failed(`no such entry '${factor}'`);
    entries[kind] = (entries[kind] ?? []).filter((entry) => entry.id !== factor);
  } else if (factors.users) delete factors.users[id];
  const user = session.config.users.get(id);
  if (user) delete user.keys;
  session.saveConfig();
  session.write('priv/tfa.cfg', writeFactors(factors));
}

function printEntries(session: Session, entries: Entries, indent: string): void {
  const lines = Object.entries(entries).flatMap(([kind, list]) =>
    list.map(
      ({ id = '', description = '' }) => `${indent}${`${kind}:`.padEnd(9)} ${id}\n${indent}    ${description}\n`,
    ),
  );
  session.print(lines.join('\n'));
}

function listFactors(session: Session, { userid: id }: Params): void {
  const users = (factorsOf(session).users ?? {}) as Record<string, Entries>;
  if (id !== undefined) printEntries(session, users[id] ?? {}, '');
  else
    for (const [index, name] of sorted(Object.keys(users)).entries()) {
      session.print(`${index > 0 ? '\n' : ''}${name}:\n`);
      printEntries(session, users[name] ?? {}, '    ');
    }
}

export function factorCommands(traits: Traits): Record<string, Command> {
  const remove = command({
    family,
    about: "Delete a user's second factors.",
    positional,
    properties: { userid, id: { type: 'string', about: 'Delete this one alone.', optional: true } },
    run: deleteFactors,
  });
  if (!traits.tfaList) return { delete: remove };
  return {
    delete: remove,
    list: command({
      family,
      about: 'List second factors.',
      positional,
      properties: { userid: { ...userid, optional: true } },
      run: listFactors,
    }),
    unlock: command({
      family: 'PVE::API2::User',
      about: 'Let a user try second factors again.',
      positional,
      properties: { userid },
      run: () => undefined,
    }),
  };
}
