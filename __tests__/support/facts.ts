import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedNode } from '../../simulator/node';
import { parseUserConfig } from '../../simulator/pveum/parse-config';
import { permissionReport, permissionsAt } from '../../simulator/pveum/permissions';
import { privilegesOf } from '../../simulator/pveum/privileges';
import { writeUserConfig } from '../../simulator/pveum/write-config';
import { nodeFiles } from './verbs';

function configOf({ root, release }: SimulatedNode) {
  const text = readFileSync(join(root, 'etc/pve/user.cfg'), 'latin1');
  return parseUserConfig(text, privilegesOf(release), () => undefined);
}

/**
 * What the node holds, a fact a line, sorted: users, tokens, groups, roles, each ACL entry of each principal, and the secrets of
 * tokens that are there. The same facts may stand in its files in more than one way.
 */
export function factsOf(node: SimulatedNode): string[] {
  const lines = writeUserConfig(configOf(node), node.release)
    .split('\n')
    // Before 9.1 a node cannot be told that a comment is none: it stores a blank.
    .map((line) => line.replace(/: :$/, '::'))
    .filter(Boolean);
  const tokens = new Set(lines.map((line) => /^token:([^:]*)/.exec(line)?.[1]));
  const secrets = nodeFiles(node)
    .token.split('\n')
    .filter((line) => tokens.has(line.split(' ')[0]));
  return [...lines.flatMap(entriesOf), ...secrets.map((line) => `secret:${line}`)].sort();
}

/** `acl:1:/:jo@pve,@ops:role:` holds two entries. */
function entriesOf(line: string): string[] {
  const [kind, propagate, path, principals = '', roles = ''] = line.split(':');
  if (kind !== 'acl') return [line];
  return principals
    .split(',')
    .flatMap((who) => roles.split(',').map((role) => `acl:${propagate}:${path}:${who}:${role}`));
}

export type Permissions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the API tells that user or token that it may do: on every path with an entry, and on those that are asked for. */
export function permissionsOf(node: SimulatedNode, id: string, ...paths: readonly string[]): Permissions {
  const config = configOf(node);
  const asked = paths.map((path) => [path, Object.fromEntries(permissionsAt(config, id, path))] as const);
  return { ...Object.fromEntries(asked), ...permissionReport(config, id, undefined, node.release) };
}
