import { nameOf, sameOwner } from '../../contract/mark';
import type { NodeFound } from '../node/found';
import type { Step } from '../node/steps';
import { after } from './after';
import { markedTokens } from './claims';
import { describe, pathsOf } from './others';
import { rightsOn } from './rights';
import type { Wanted } from './wanted';

/**
 * What new ACL entries take from tokens that other entries have for the same user: on a deeper path they hide what such a token
 * has above it. Not refused, since both entries stand in files of ours, but told.
 */
export function lossesOfNeighbours({ owner, token }: Wanted, found: NodeFound, steps: readonly Step[]): string[] {
  const grants = steps.filter(({ verb }) => verb === 'addRole' || verb === 'grant');
  if (grants.length === 0) return [];
  const then = after(found, grants);
  const [before, afterwards, paths] = [rightsOn(found), rightsOn(then), pathsOf(found, then)];
  const neighbours = markedTokens(found, []).filter(
    (other) => other.token.userid === token.userid && !sameOwner(other.section.owner, owner),
  );
  return neighbours.flatMap(({ token: { identity }, section }) =>
    paths
      .flatMap((path) => describe(identity, path, before, afterwards, 'gains'))
      .map((effect) => `careful, entry ${nameOf(section.owner)} shares this user: ${effect}`),
  );
}
