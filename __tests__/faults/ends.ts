import { existsSync } from 'node:fs';
import type { Files } from '../../simulator/pveum/session';
import type { Entry } from '../support/verbs';
import { type Bench, stateOf } from './bench';
import { mustDeploy } from './deploy';
import type { Operation, Stage } from './operation';
import type { Reference } from './reference';
import { handoffFolder, startHere } from './start';
import { lacking, markedIn, recordsIn, rightsOf, secretsIn } from './tokens';

const TOKEN = 'opentofu@pve!opentofu-token';

/** Complaints about a node on which the operation is through: it must be as if nothing had gone wrong. */
export function checkEnd({ operation, end, kept }: Reference, bench: Bench, secret: string | undefined): string[] {
  const { wanted, release } = operation;
  const files = stateOf(bench);
  const secrets = secretsIn(files);
  const changed = kept.filter((token) => secrets.get(token.identity) !== token.secret);
  return [
    ...(asMarked(operation, files) === asMarked(operation, end) ? [] : [`user.cfg differs: ${difference(end, files)}`]),
    ...(withoutSecrets(files) === withoutSecrets(end) ? [] : ['token.cfg holds other tokens']),
    ...changed.map(({ identity }) => `${identity} has another secret`),
    ...(wanted === undefined
      ? []
      : checkSecret(wanted, rightsOf(files, release, wanted.identity ?? TOKEN, secret ?? ''))),
    ...(existsSync(handoffFolder(bench)) ? ['a hand-off is left'] : []),
  ];
}

/** Before 9.1 a rotation that is cut between removal and addition cannot know that others made the token. It goes with the entry anyway. */
function asMarked({ replaces, release }: Operation, files: Files): string | undefined {
  return replaces && release !== '9.1' ? files['user.cfg']?.replace(' taken-over]', ']') : files['user.cfg'];
}

function checkSecret({ access = {} }: Entry, rights: ReturnType<typeof rightsOf>): string[] {
  if (rights === undefined) return ['the secret that was handed off is not valid'];
  const { acl = [{ path: '/' }], privileges = ['VM.Audit'] } = access;
  const privilegesOf = Object.fromEntries(privileges.map((privilege) => [privilege, 1]));
  const lost = lacking(Object.fromEntries(acl.map(({ path }) => [path, privilegesOf])), rights);
  return lost.length === 0 ? [] : [`the token lacks ${lost.join(', ')}`];
}

/** Once more: nothing may change, and the secret is the same. Said of the end alone: from the same bytes a run goes on in the same way. */
export async function deployOnceMore(stages: readonly Stage[], bench: Bench, secret?: string): Promise<string[]> {
  const before = stateOf(bench);
  bench.node.resetLog();
  const again = await mustDeploy(stages, bench, 3, startHere());
  const writes = bench.node.pveumRuns().filter((run) => run.writes);
  const files = stateOf(bench);
  return [
    ...writes.map(({ argv }) => `a further deploy wrote: ${argv.slice(0, 3).join(' ')}`),
    ...(files['user.cfg'] === before['user.cfg'] && files['priv/token.cfg'] === before['priv/token.cfg']
      ? []
      : ['a further deploy changed the node']),
    ...(again === secret ? [] : ['a further deploy handed off another secret']),
  ];
}

/** Complaints about the operation itself: what it means must not be taken from what it did. */
export function checkReference({ operation, pristine, start, end, left, secret, further }: Reference): string[] {
  const { wanted, ours, replaces } = operation;
  const identity = wanted?.identity ?? TOKEN;
  const stays = secret !== undefined && secretsIn(start).get(identity) === secret;
  const retained = (wanted?.retain ?? []).filter((id) => secretsIn(start).get(id) !== secretsIn(end).get(id));
  const records = new Set(recordsIn(end));
  // A token that is adopted or replaced gets our mark, and its secret may be a new one.
  const lost = recordsIn(pristine).filter((record) => !records.has(record) && !record.startsWith(`token:${identity}:`));
  return [
    ...further,
    ...(same(markedIn(end), ours) ? [] : [`marked are ${markedIn(end).join(', ')}`]),
    ...(wanted === undefined || stays === (operation.secret === 'kept')
      ? []
      : [`the secret is not ${operation.secret}`]),
    ...retained.map((id) => `${id} was retained, but not its secret`),
    ...lost.map((record) => `of others, lost: ${record}`),
    ...(replaces || asRead(left) === asRead(pristine) ? [] : [`revoked, not as found: ${difference(pristine, left)}`]),
    ...(replaces || left['priv/token.cfg'] === pristine['priv/token.cfg']
      ? []
      : ['revoked, token.cfg is not as found']),
  ];
}

/** In the place of a comment that it cannot drop a node keeps a blank, until its next write. */
const asRead = (files: Files) => (files['user.cfg'] ?? '').replaceAll(': :', '::');

const withoutSecrets = (files: Files) => (files['priv/token.cfg'] ?? '').replace(/ \S+$/gm, '');

const same = (left: readonly string[], right: readonly string[]) =>
  [...left].sort().join() === [...right].sort().join();

/** The lines of `user.cfg` that one has and the other has not; it holds no secrets. */
function difference(wanted: Files, found: Files): string {
  const [before, after] = [recordsIn(wanted), recordsIn(found)];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `-${line}`);
  return (
    [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`)].join(' ') || 'its order'
  );
}
