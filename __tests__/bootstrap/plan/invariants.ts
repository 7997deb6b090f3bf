import { expect } from 'vitest';
import type { FoundAcl, NodeFound } from '../../../bootstrap/node/found';
import { ledgerUser } from '../../../bootstrap/plan/claims';
import { missingPrivileges } from '../../../bootstrap/verify';
import { parseComment } from '../../../contract/mark';
import type { AccessSettings, TokenVerbSettings } from '../../../contract/settings';
import { OWNERS } from './lives';
import type { Files, PaperNode } from './paper-node';
import { dump } from './support';

/** What holds of a node, whatever entries did there. */

export const userOf = (identity: string) => identity.slice(0, identity.indexOf('!'));

const PATHS = ['/', '/vms', '/vms/100', '/pool', '/pool/lab', '/storage'];

/** `jo@pve!ci VM.Audit on /vms` */
export function rightsOf(node: PaperNode, ids: readonly string[], files = node.files): string[] {
  return ids.flatMap((id) => {
    const report = node.permissions(id, files, PATHS);
    return PATHS.flatMap((path) => Object.keys(report[path] ?? {}).map((name) => `${id} ${name} on ${path}`)).sort();
  });
}

/** A token that works all the time, with one secret, has in between what it has before and after. */
export function losesNothing(node: PaperNode, history: readonly Files[]): void {
  const lines = (files: Files) => files['priv/token.cfg'].split('\n').filter(Boolean);
  const kept = lines(node.files).filter((line) => history.every((files) => lines(files).includes(line)));
  const ids = kept.map((line) => line.split(' ')[0] ?? '');
  const [before = [], ...rest] = history.map((files) => rightsOf(node, ids, files));
  const end = new Set(rest.at(-1));
  const always = before.filter((right) => end.has(right));
  for (const now of rest.map((rights) => new Set(rights)))
    expect(
      always.filter((right) => !now.has(right)),
      'lost for a while',
    ).toEqual([]);
}

/** Token, role and the token's own ACL entries are as the entry says, and the API agrees. */
export function isAsWanted(node: PaperNode, { identity, access }: TokenVerbSettings): void {
  const { role, privileges, acl, privilege_separation: privsep, expire, comment } = access;
  const { tokens, roles, acl: all } = node.found;
  const token = tokens.get(identity);
  const said = { identity, privsep, expire, ...(comment === undefined ? {} : { text: comment }) };
  expect({ ...token, text: parseComment(token?.comment ?? '').text }).toMatchObject(JSON.parse(JSON.stringify(said)));
  if (role === undefined) return;
  // Where a group gives its user as much, the role is of no use to the entry, and others may change it.
  const isUsed = all.some((entry) => entry.role === role && [identity, userOf(identity)].includes(entry.principal));
  if (privileges && isUsed) expect([...(roles.get(role)?.privileges ?? [])].sort(), role).toEqual(privileges);
  const own = acl.map((setting) => ({ ...setting, role, type: 'token', principal: identity }));
  if (token?.privsep) expect(all).toEqual(expect.arrayContaining(own));
  const expected = { identity, paths: acl.map(({ path }) => path), privileges };
  expect(missingPrivileges(node.permissions(identity, node.files, expected.paths), expected)).toEqual([]);
}

/** What stands on the node that neither people nor these entries account for. */
export function unaccounted(found: NodeFound, base: NodeFound, entries: readonly TokenVerbSettings[]): string[] {
  const key = ({ path, role, principal }: Pick<FoundAcl, 'path' | 'role' | 'principal'>) =>
    `${path} ${role} ${principal}`;
  const known = new Set([
    ...[...base.users.keys(), ...base.tokens.keys(), ...base.roles.keys(), ...base.acl.map(key)],
    ...entries.flatMap(({ owner, identity, access: { role = '', acl } }) => [
      ...[identity, userOf(identity), ledgerUser(owner), role],
      ...acl.flatMap(({ path }) => [userOf(identity), identity].map((principal) => key({ path, role, principal }))),
    ]),
  ]);
  const now = [...found.users.keys(), ...found.tokens.keys(), ...found.roles.keys(), ...found.acl.map(key)];
  return now.filter((name) => !known.has(name));
}

/** The node apart from what these entries name: that they may change. */
export function apartFrom(named: readonly TokenVerbSettings[], found: NodeFound): unknown {
  const roles = new Set(named.map(({ access }) => access.role));
  const ids = new Set(named.flatMap(({ identity }) => [identity, userOf(identity)]));
  const of = (identity: string) => named.filter((settings) => settings.identity === identity);
  // A new secret makes a token of others one of the entry, and on some releases it is another token.
  const isRenewed = (identity: string) =>
    of(identity).some(({ on_existing }) => on_existing === 'rotate') ||
    new Set(of(identity).map(({ generation }) => generation)).size > 1;
  const isSaid = (identity: string, key: keyof AccessSettings) =>
    of(identity).some(({ access }) => access[key] !== undefined);
  return dump({
    ...found,
    roles: new Map(
      [...found.roles].map(([id, role]) => [id, roles.has(id) ? { ...role, privileges: new Set() } : role]),
    ),
    acl: found.acl
      .filter(({ principal }) => !isRenewed(principal))
      .map((entry) => (roles.has(entry.role) && ids.has(entry.principal) ? { ...entry, propagate: true } : entry)),
    tokens: new Map(
      [...found.tokens]
        .filter(([identity]) => !isRenewed(identity))
        .map(([identity, token]) => [
          identity,
          {
            ...token,
            comment: isSaid(identity, 'comment') ? '' : token.comment,
            expire: isSaid(identity, 'expire') ? 0 : token.expire,
            privsep: isSaid(identity, 'privilege_separation') || token.privsep,
          },
        ]),
    ),
  });
}

/**
 * The node without what a cut run may have lost: that a token was taken over from others, and, where it had to be made again, the
 * text that others had written on it. It goes with the entry either way.
 */
export function settled({ release, found }: PaperNode, { identity, access }: TokenVerbSettings): unknown {
  const tokens = [...found.tokens].map(([id, token]) => {
    const { text, sections } = parseComment(token.comment.replace(' taken-over', ''));
    const isLost = release === '8.4' && id === identity && access.comment === undefined;
    return [id, { ...token, comment: JSON.stringify([isLost ? '' : text, sections]) }] as const;
  });
  return dump({ ...found, tokens: new Map(tokens) });
}

/** The node without the lists of entries: a claim that two of them share may go from the list of one, and the list with it. */
export function withoutLists(found: NodeFound): unknown {
  const lists = new Set(OWNERS.map(ledgerUser));
  const users = [...found.users.keys()].filter((userid) => !lists.has(userid));
  return dump({ ...found, users: new Map(users.map((userid) => [userid, { userid, comment: '' }])) });
}
