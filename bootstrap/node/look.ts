import { isBuiltInRole, SECRET } from '../../contract/identifiers';
import { secretCommand } from './commands';
import type { FoundSecret, NodeFound } from './found';
import { lastWords } from './last-words';
import { parseListings, parseRoles } from './listings';
import { nodeUnreadable, roleMissing } from './refusals';
import type { Answer, NodeSession } from './session';
import { parseUserCfg } from './user-cfg';

const USER_CFG = '/etc/pve/user.cfg';
const JSON_FORMAT = ['--output-format', 'json'];

/**
 * Reads users, tokens, roles, groups and ACL. As root that is one look at a file; who may only run `pveum` gets the same from
 * three lists, at the price of three starts.
 */
export async function look(node: NodeSession): Promise<NodeFound> {
  const file = await node.run(['cat', USER_CFG]);
  if (file.exit === 0) return parseUserCfg(file.stdout);
  const users = await node.run(['pveum', 'user', 'list', '--full', '1', ...JSON_FORMAT]);
  const roles = await node.run(['pveum', 'role', 'list', ...JSON_FORMAT]);
  const acl = await node.run(['pveum', 'acl', 'list', ...JSON_FORMAT]);
  return readable([users, roles, acl], () => parseListings(users.stdout, roles.stdout, acl.stdout));
}

/**
 * The same node with its built-in roles and the privileges that its release knows: one start of `pveum`, and none where `look` has
 * read that list already.
 */
export async function withRoleList(node: NodeSession, found: NodeFound): Promise<NodeFound> {
  if (found.rolesListed) return found;
  const list = await node.run(['pveum', 'role', 'list', ...JSON_FORMAT]);
  return { ...found, roles: readable([list], () => parseRoles(list.stdout)), rolesListed: true };
}

function readable<T>(answers: readonly Answer[], parse: () => T): T {
  const failed = answers.find(({ exit }) => exit !== 0);
  if (failed !== undefined) throw nodeUnreadable(lastWords(failed));
  try {
    return parse();
  } catch {
    throw nodeUnreadable('its answer is not the JSON that pveum prints');
  }
}

export function requireRole(found: NodeFound, role: string): void {
  if (isBuiltInRole(role) && !found.roles.has(role)) throw roleMissing(role);
}

/** Whether the node has a secret of that token. Exit 1 with nothing on stderr: there is no such line. */
export async function lookForSecret(node: NodeSession, identity: string): Promise<FoundSecret> {
  const answer = await node.run(secretCommand(identity));
  if (answer.exit === 0) return { kind: secretIn(answer, identity) === undefined ? 'none' : 'there' };
  if (answer.exit === 1 && answer.stderr.trim() === '') return { kind: 'none' };
  return { kind: 'unreadable', answer: lastWords(answer) };
}

/** The secret in the answer to `secretCommand`: of that token's own line, and of no other. */
export function secretIn({ stdout }: Answer, identity: string): string | undefined {
  const line = stdout.split('\n').find((candidate) => candidate.startsWith(`${identity} `));
  const secret = line?.slice(identity.length + 1).trim() ?? '';
  return SECRET.test(secret) ? secret : undefined;
}
