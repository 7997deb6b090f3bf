import { isBuiltInRole } from '../../contract/identifiers';
import { nodeUnreadable, roleMissing } from '../refusals';
import type { Answer } from '../ssh';
import type { NodeFound } from './found';
import { parseListings, parseRoles } from './listings';
import { lastWords, type NodeShell } from './shell';
import { parseUserCfg } from './user-cfg';

const USER_CFG = '/etc/pve/user.cfg';
const TOKEN_CFG = '/etc/pve/priv/token.cfg';
const JSON_FORMAT = ['--output-format', 'json'];

/**
 * Reads users, tokens, roles and ACL. As root that is one look at a file; who may only run `pveum` gets the same from three
 * lists, at the price of three starts.
 */
export async function inspect(shell: NodeShell): Promise<NodeFound> {
  const file = await shell.read(['cat', USER_CFG]);
  if (file.exit === 0) return parseUserCfg(file.stdout);
  const lists = await Promise.all([
    shell.read(['pveum', 'user', 'list', '--full', '1', ...JSON_FORMAT]),
    shell.read(['pveum', 'role', 'list', ...JSON_FORMAT]),
    shell.read(['pveum', 'acl', 'list', ...JSON_FORMAT]),
  ]);
  return readable(lists, ([users, roles, acl]) => parseListings(users, roles, acl));
}

/** The same node with its built-in roles and the privileges that its release knows: one start of `pveum`. */
export async function withRoleList(shell: NodeShell, found: NodeFound): Promise<NodeFound> {
  const list = await shell.read(['pveum', 'role', 'list', ...JSON_FORMAT]);
  return { ...found, roles: readable([list], ([text]) => parseRoles(text)) };
}

function readable<T>(answers: readonly Answer[], parse: (texts: [string, string, string]) => T): T {
  const failed = answers.find((answer) => answer.exit !== 0);
  if (failed !== undefined) throw nodeUnreadable(lastWords(failed));
  const [first = '', second = '', third = ''] = answers.map((answer) => answer.stdout);
  try {
    return parse([first, second, third]);
  } catch (cause) {
    throw nodeUnreadable(
      `its answer is not the JSON that pveum prints (${cause instanceof Error ? cause.name : 'defect'})`,
    );
  }
}

export function requireRole(found: NodeFound, role: string | undefined): void {
  if (role !== undefined && isBuiltInRole(role) && !found.roles.has(role)) throw roleMissing(role);
}

export type SecretFound =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly answer: string };

/** The secret of one token, and no other's: `grep` for its line. Exit 1 with nothing on stderr: there is no such line. */
export async function readSecret(shell: NodeShell, identity: string): Promise<SecretFound> {
  const answer = await shell.read(['grep', '-F', '-e', `${identity} `, TOKEN_CFG]);
  const line = answer.stdout.split('\n').find((candidate) => candidate.startsWith(`${identity} `));
  if (answer.exit === 0 && line !== undefined)
    return { kind: 'secret', secret: line.slice(identity.length + 1).trim() };
  if (answer.exit <= 1 && answer.stderr.trim() === '') return { kind: 'none' };
  return { kind: 'unreadable', answer: lastWords(answer) };
}
