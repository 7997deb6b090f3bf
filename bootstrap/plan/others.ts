import { ROOT } from '../../contract/identifiers';
import { tokenMarkOf } from '../../contract/mark';
import type { FoundAcl, NodeFound } from '../node/found';
import type { Step } from '../node/steps';
import { after } from './after';
import { isMadeUser, isOf, keyOf, keysOf, ledgersOn, type MarkedToken, markedTokens } from './claims';
import { othersChange } from './refusals';
import { type Rights, rightsOn } from './rights';
import type { Wanted } from './wanted';

/** What a change of somebody's rights may be before the deploy is refused. */
type Allowed = 'gains' | 'nothing';

/**
 * Refuses a plan that takes rights from, or gives rights to, users and tokens that this entry did not make. The entry's own user
 * and token may gain, and lose what its role and ACL no longer hold: that is what it says. What a new ACL entry hides it does not
 * say. Tokens that entries made do not count: entries that have one user share its rights, and what each needs is on its list,
 * and stays.
 */
export function refuseChangesOfOthers(wanted: Wanted, found: NodeFound, steps: readonly Step[]): void {
  const changes = steps.filter((step) => COUNTS.other.has(step.verb) && !takesBack(step));
  if (changes.length === 0) return;
  const paths = pathsOf(found, after(found, changes));
  const before = rightsOn(found);
  const without = rightsOn(withoutOwnGrants(wanted, found));
  const held: RightsAt = (id, path) => new Map([...before(id, path)].filter(([name]) => without(id, path).has(name)));
  const afterwards = (kind: Kind) =>
    rightsOn(
      after(
        found,
        changes.filter(({ verb }) => COUNTS[kind].has(verb)),
      ),
    );
  const then = { own: afterwards('own'), other: afterwards('other') };
  const effects = subjectsOf(wanted, found, changes).flatMap(({ id, allowed, kind }) =>
    paths.flatMap((path) => describe(id, path, kind === 'other' ? before : held, then[kind], allowed)),
  );
  if (effects.length > 0) throw othersChange(effects);
}

/** A token has an ACL entry of ours only while it is the entry's: what it was given by name it can be taken. */
const takesBack = (step: Step) => step.verb === 'revokeGrant' && step.principal.type === 'token';

/** What this entry alone gave is its own to change: another path, another role, no longer below a path. */
function withoutOwnGrants({ owner }: Wanted, found: NodeFound): NodeFound {
  const ledgers = ledgersOn(found);
  const mine = keysOf(ledgers.filter(isOf(owner)));
  const theirs = keysOf(ledgers.filter((ledger) => !isOf(owner)(ledger)));
  const keyOfEntry = (entry: FoundAcl) => keyOf({ ...entry, kind: 'acl' });
  return { ...found, acl: found.acl.filter((entry) => !mine.has(keyOfEntry(entry)) || theirs.has(keyOfEntry(entry))) };
}

/** The entry's own, and everybody else. */
type Kind = 'own' | 'other';

/** Steps whose effect on somebody counts. */
const COUNTS: Readonly<Record<Kind, ReadonlySet<Step['verb']>>> = {
  own: new Set(['addRole', 'grant']),
  other: new Set(['addRole', 'setRole', 'grant', 'revokeGrant', 'deleteRole']),
};

interface Subject {
  readonly id: string;
  readonly allowed: Allowed;
  readonly kind: Kind;
}

/** The entry's user with its tokens, and everybody whose role changes. */
function subjectsOf(wanted: Wanted, found: NodeFound, changes: readonly Step[]): Subject[] {
  const { token, retain } = wanted;
  const ledgers = ledgersOn(found);
  const marked = markedTokens(found, [token.identity, ...retain]);
  const changed = new Set(changes.flatMap((step) => (step.verb === 'setRole' ? [step.role] : [])));
  const holders = found.acl
    .filter(({ role }) => changed.has(role))
    .flatMap(({ type, principal }) => (type === 'group' ? [...(found.groups.get(principal) ?? [])] : [principal]));
  const users = new Set([token.userid, ...holders.map((id) => id.split('!')[0] ?? id)]);
  const tokens = [...found.tokens.values()].filter(({ userid }) => users.has(userid));
  const subjects: Subject[] = [];
  for (const id of users) {
    // What becomes of a user of ours its entries say.
    if (id === ROOT || !found.users.has(id) || isMadeUser(ledgers, id)) continue;
    const own = id === token.userid;
    subjects.push({ id, allowed: own ? 'gains' : 'nothing', kind: own ? 'own' : 'other' });
  }
  const ours = ({ token: { identity }, section }: MarkedToken) =>
    identity !== token.identity || tokenMarkOf(section).origin !== 'adopted';
  const managed = new Set(marked.filter(ours).map((other) => other.token.identity));
  for (const { identity } of tokens.filter((other) => !managed.has(other.identity))) {
    const own = identity === token.identity;
    subjects.push({ id: identity, allowed: own ? 'gains' : 'nothing', kind: own ? 'own' : 'other' });
  }
  return subjects;
}

/** Every path with an ACL entry. */
export function pathsOf(...nodes: readonly NodeFound[]): string[] {
  return [...new Set(nodes.flatMap(({ acl }) => acl.map(({ path }) => path)))];
}

type RightsAt = (id: string, path: string) => Rights;

/** What somebody loses and gains on a path, and at a place below it that only inherits. */
export function describe(id: string, path: string, before: RightsAt, then: RightsAt, allowed: Allowed): string[] {
  const below = `${path === '/' ? '' : path}/(below)`;
  const [here, there] = [path, below].map((place) => changesOf(before(id, place), then(id, place), allowed));
  const told = (changes: readonly string[] = [], where: string) => changes.map((change) => `${id} ${change} ${where}`);
  if (here?.join() === there?.join()) return told(here, `on ${path} and below`);
  return [...told(here, `on ${path}`), ...told(there, `below ${path}`)];
}

function changesOf(before: Rights, then: Rights, allowed: Allowed): string[] {
  const lost = [...before.keys()].filter((name) => !then.has(name));
  const gained = allowed === 'gains' ? [] : [...then.keys()].filter((name) => !before.has(name));
  return [
    ...(lost.length > 0 ? [`loses ${lost.sort().join(', ')}`] : []),
    ...(gained.length > 0 ? [`gains ${gained.sort().join(', ')}`] : []),
  ];
}
