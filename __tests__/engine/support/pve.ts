import type { SimulatedNode } from '../../../simulator/node';
import { nodeFiles } from '../../support/verbs';

/** The secrets that a node knows, by token identity. */
export function secretsOn(node: SimulatedNode): Map<string, string> {
  const lines = nodeFiles(node).token.split('\n').filter(Boolean);
  return new Map(lines.map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
}

/** What a node holds, as it stands in its files. */
export function configOn(node: SimulatedNode): string {
  const { user, token } = nodeFiles(node);
  return `${user.trim()}\n${token.trim()}`;
}
