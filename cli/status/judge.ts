import type { FoundToken } from '../../bootstrap/node/found';
import type { ClusterEntry } from '../../constructs/input/entry';
import { sectionOf, tokenMarkOf } from '../../contract/mark';
import { ask } from '../settled';
import { judgeApi } from './api';
import { driftOf } from './drift';
import { expiryOf, type Measure, remarksOnExpiry } from './expiry';
import type { OnNode, Sight } from './look';
import { finding, toldAs } from './remarks';
import type { Remark, Row } from './row';

/** From what was seen of an entry to what is said of its token. Pure. */
export function judge(sight: Sight, measure: Measure): Row {
  const { entry, node } = sight;
  const { identity } = entry;
  const [seen, unseen] = ask(node);
  const drift = driftOf(sight, seen, measure.environment);
  const standing = standingOf(entry, identity, seen, measure);
  const { remarks: onApi, ...api } = judgeApi(sight, seen, drift);
  const isExpired = (standing.days ?? 0) < 0;
  const remarks: Remark[] = [
    ...(unseen === undefined ? [] : [toldAs('unseen', 'node-unseen', unseen)]),
    ...(standing.there === false
      ? [finding('token-missing', `The node has no token ${identity}.`, drift.command)]
      : []),
    // That the API refuses an expired one needs no line of its own.
    ...onApi.filter(({ name }) => !(isExpired && name === 'token-refused')),
    ...(standing.expire === undefined ? [] : remarksOnExpiry({ ...standing, expire: standing.expire }, measure)),
    ...drift.remarks,
  ];
  const generation = { wanted: entry.generation, ...standing.generation };
  return { ...standing, ...api, generation, drift: drift.places, remarks };
}

/** Older identities that the entry keeps alive: no file holds them any more, so nothing is wanted of them. */
export function judgeRetained({ entry, node }: Sight, measure: Measure): Row[] {
  const [seen] = ask(node);
  return entry.retain.map((identity) => ({
    ...standingOf(entry, identity, seen, measure),
    retained: true,
    drift: [],
    remarks: [],
  }));
}

/** A token as it stands on the node. */
function standingOf(entry: ClusterEntry, identity: string, seen: OnNode | undefined, measure: Measure) {
  const { environment } = measure;
  const token = seen?.found.tokens.get(identity);
  return {
    ...{ environment, cluster: entry.name, node: entry.ssh.host, identity },
    ...(seen && { release: seen.release, there: token !== undefined }),
    ...(token && expiryOf(token.expire, measure)),
    generation: token ? generationOf(entry, environment, token) : {},
  };
}

function generationOf({ name }: ClusterEntry, environment: string, { comment }: FoundToken): Row['generation'] {
  const section = sectionOf(comment, { environment, cluster: name });
  const { generation } = section ? tokenMarkOf(section) : {};
  return generation === undefined ? {} : { found: generation };
}
