import { lineFor } from '../../../bootstrap/apply';
import type { FoundAcl, FoundToken, FoundUser, NodeFound } from '../../../bootstrap/node/found';
import { principalOf, type Step } from '../../../bootstrap/node/steps';
import { after } from '../../../bootstrap/plan/after';
import { planEntry } from '../../../bootstrap/plan/entry';
import { isRoot, leavesAccess, type Wanted } from '../../../bootstrap/plan/wanted';
import { checkAclPath, checkRoleid, isBuiltInRole, parseIdentity } from '../../../contract/identifiers';

/** Entries and nodes for the planners. Both builders refuse what the constructs or a node would refuse. */

export const OWNER = { environment: 'lab', cluster: 'nuc' };
export const OTHER = { environment: 'prod', cluster: 'nuc' };

type Over = Partial<Omit<Wanted, 'token' | 'acl'>> & { readonly identity?: string; readonly acl?: readonly string[] };

/** `acl`: paths, with ` -` behind one that does not propagate. */
export function anEntry({ identity = 'tofu@pve!ci', acl = ['/'], ...over }: Over = {}): Wanted {
  const wanted: Wanted = {
    owner: OWNER,
    token: parseIdentity(identity),
    role: 'tofu-role',
    privileges: isBuiltInRole(over.role ?? '') ? undefined : ['VM.Allocate', 'VM.Audit'],
    acl: acl.map(aclOf),
    generation: '1',
    retain: [],
    onExisting: 'adopt',
    changeOthers: false,
    now: 1_700_000_000,
    ...over,
  };
  const none = wanted.role === undefined;
  refuseIf(none && (acl.length > 0 || wanted.privileges !== undefined), 'without a role there is no list and no ACL');
  refuseIf(!none && isRoot(wanted) && !wanted.privsep, 'root@pam has everything');
  refuseIf(isBuiltInRole(wanted.role ?? '') && wanted.privileges !== undefined, 'a built-in role has its list');
  refuseIf(wanted.retain.includes(identity), 'the current token is not retained');
  return wanted;
}

/** An entry that leaves user, role and ACL to others, or needs none. */
export const aBareEntry = (over: Over = {}) => anEntry({ role: undefined, privileges: undefined, acl: [], ...over });

interface Spec {
  /** With their comments; `root@pam` is always there. */
  readonly users?: Readonly<Record<string, string>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** With their privileges, parted by blanks. */
  readonly roles?: Readonly<Record<string, string>>;
  readonly tokens?: Readonly<Record<string, Partial<Pick<FoundToken, 'privsep' | 'expire' | 'comment'>>>>;
  /** `PATH ROLE PRINCIPAL`, a group as `@name`, with ` -` behind one that does not propagate. */
  readonly acl?: readonly string[];
}

export function aNode({ users = {}, groups = {}, roles = {}, tokens = {}, acl = [] }: Spec): NodeFound {
  const all = new Map<string, FoundUser>(
    Object.entries({ 'root@pam': '', ...users }).map(([userid, comment]) => [userid, { userid, comment }]),
  );
  const found: NodeFound = {
    users: all,
    groups: new Map(Object.entries(groups).map(([name, members]) => [name, new Set(members)])),
    roles: new Map(
      Object.entries(roles).map(([roleid, list]) => [
        roleid,
        { roleid, privileges: new Set(list.split(' ').filter(Boolean)) },
      ]),
    ),
    tokens: new Map(
      Object.entries(tokens).map(([identity, over]) => {
        const { userid } = parseIdentity(identity);
        return [identity, { identity, userid, expire: 0, privsep: false, comment: '', ...over }];
      }),
    ),
    acl: acl.map(entryOf),
  };
  for (const { userid } of found.tokens.values()) refuseIf(!all.has(userid), `no user ${userid}`);
  for (const member of Object.values(groups).flat()) refuseIf(!all.has(member), `no member ${member}`);
  for (const { role, type, principal } of found.acl) {
    refuseIf(!found.roles.has(role) && !isBuiltInRole(role), `no role ${role}`);
    refuseIf(!{ user: all, group: found.groups, token: found.tokens }[type].has(principal), `no ${type} ${principal}`);
  }
  return found;
}

/** `root@pam` alone. */
export const FRESH = aNode({});

function aclOf(text: string) {
  const [path = '', hyphen] = text.split(' ');
  refuseIf(checkAclPath(path) !== undefined, `no path ${path}`);
  return { path, propagate: hyphen === undefined };
}

function entryOf(text: string): FoundAcl {
  const [path = '', role = '', name = '', ...rest] = text.split(' ');
  refuseIf(checkRoleid(role) !== undefined || name === '', `no ACL entry: ${text}`);
  const who = name.startsWith('@') ? { type: 'group' as const, id: name.slice(1) } : principalOf(name);
  return { ...aclOf([path, ...rest].join(' ')), role, type: who.type, principal: who.id };
}

function refuseIf(condition: boolean, why: string): void {
  if (condition) throw new Error(`nonsense in a test: ${why}`);
}

/** A plan as people read it in the log of a deploy. */
export const told = (steps: readonly Step[]): string => steps.map(lineFor).join('\n');

/** The node after both verbs. */
export function deployed(wanted: Wanted, before = FRESH): NodeFound {
  const ready = leavesAccess(wanted) ? before : after(before, planEntry(wanted, before, 'access'));
  const { secret, ...found } = after(ready, planEntry(wanted, { ...ready, secret: { kind: 'there' } }, 'token'));
  return found;
}

/** The node as comparable data, in an order of its own. */
export function dump(found: NodeFound) {
  const sorted = (items: Iterable<unknown>) => [...items].map((item) => JSON.stringify(item)).sort();
  return {
    users: sorted(found.users.values()),
    // A blank comment is none.
    tokens: sorted([...found.tokens.values()].map((t) => [t.identity, t.expire, t.privsep, t.comment.trim()])),
    roles: sorted([...found.roles.values()].map(({ roleid, privileges }) => [roleid, [...privileges].sort()])),
    groups: sorted([...found.groups].map(([name, members]) => [name, [...members].sort()])),
    acl: sorted(
      found.acl.map(({ path, role, type, principal, propagate }) => [path, role, type, principal, propagate]),
    ),
  };
}
