import type { NodeFound } from '../../bootstrap/node/found';
import { keyOf, keysOf, ledgersOn } from '../../bootstrap/plan/claims';
import { parseIdentity } from '../../contract/identifiers';
import { type Command, command, distrust } from './edits';
import { identityOf, leavesAccess, nameOf, type Owner } from './entries';
import { found as look } from './look';
import type { World } from './world';

/** What a deed is done to: an entry's user, role and token on its node, and whether they are there. */
interface Site {
  readonly there: NodeFound;
  readonly user: string;
  readonly token: string;
  readonly identity: string;
  readonly role: string;
  /** Of the token. */
  readonly comment: string;
  /** `ours`: a user that we may have made. */
  readonly is: { readonly user: boolean; readonly ours: boolean; readonly token: boolean; readonly role: boolean };
}

/** `adds` what is theirs, `makes` what we adopt, `changes` what is ours, `loses` what may be a secret or carry a mark. */
type How = 'adds' | 'makes' | 'changes' | 'loses';
/** Whether it can be done, how, and the words for `pveum`; `_` is a blank within one. */
type Deed = readonly [can: (site: Site) => boolean, how: How, words: (site: Site) => string];

const claimsOn = ({ there }: Site) => keysOf(ledgersOn(there));
/** Of ours: while one of others stands, something of ours may have to stay for good. */
const grantOf = (site: Site) =>
  site.there.acl.find((acl) => acl.principal === site.user && claimsOn(site).has(keyOf({ ...acl, kind: 'acl' })));
const grant = (path: string, user: string, role: string) => `acl modify ${path} --users ${user} --roles ${role}`;
// A role has no mark of its own: one that is made under a name that we claim is ours, whoever made it.
const isFree = (site: Site) => !site.is.role && !claimsOn(site).has(`role ${site.role}`);
const hasTheirs = ({ there, user }: Site) => there.tokens.has(`${user}!theirs`);

/** What somebody does by hand, in words for the counterexample. */
export const DEEDS: Readonly<Record<string, Deed>> = {
  'adds the user': [({ is }) => !is.user, 'adds', ({ user }) => `user add ${user} --comment ours`],
  'adds the role': [isFree, 'adds', ({ role }) => `role add ${role} --privs VM.Console`],
  'adds the token': [
    ({ is }) => is.user && !is.token,
    'makes',
    ({ user, token }) => `user token add ${user} ${token} --privsep 0 --output-format json`,
  ],
  'adds a token of theirs to the user': [
    (site) => site.is.user && !hasTheirs(site),
    'adds',
    ({ user }) => `user token add ${user} theirs --comment do_not_touch`,
  ],
  'gives the user a pool': [({ is }) => is.ours, 'adds', ({ user }) => grant('/pool/crew', user, 'PVEPoolUser')],
  'gives their user the role': [({ is }) => is.role, 'adds', ({ role }) => grant('/vms', 'jo@pve', role)],
  'changes the role': [({ is }) => is.role, 'changes', ({ role }) => `role modify ${role} --privs VM.Console`],
  'deletes the role': [({ is }) => is.role, 'changes', ({ role }) => `role delete ${role}`],
  'deletes the token': [({ is }) => is.token, 'loses', ({ user, token }) => `user token remove ${user} ${token}`],
  'deletes the user': [({ is }) => is.ours, 'loses', ({ user }) => `user delete ${user}`],
  'takes an ACL entry of ours from the user': [
    (site) => grantOf(site) !== undefined,
    'changes',
    (site) => `acl delete ${grantOf(site)?.path} --users ${site.user} --roles ${grantOf(site)?.role}`,
  ],
  "writes into the token's comment": [
    ({ is }) => is.token,
    'changes',
    ({ user, token, comment }) => `user token modify ${user} ${token} --comment note:_${comment.replaceAll(' ', '_')}`,
  ],
};

export function byHand(name: keyof typeof DEEDS, owner: Owner): Command {
  const { node } = owner;
  const run = async (world: World) => {
    const [deed, site, people] = [DEEDS[name], siteOf(world, owner), world.people[node]];
    if (deed === undefined || site === undefined || people === undefined) return;
    const [, how, words] = deed;
    const printed = await people.type(how === 'adds', words(site));
    if (how === 'makes') people.handMade.set(site.identity, (JSON.parse(printed) as { readonly value: string }).value);
    if (how === 'loses') people.claimsLost = true;
    if (how === 'changes' || how === 'loses') distrust(world, (other) => other.node === node, how === 'loses');
  };
  return command(`on the node of ${nameOf(owner)} somebody ${name}`, run, (world) => {
    const site = siteOf(world, owner);
    return site !== undefined && DEEDS[name]?.[0](site) === true;
  });
}

function siteOf(world: World, owner: Owner): Site | undefined {
  const entry = world.entries.get(nameOf(owner)) ?? world.bookOf(owner).applied;
  if (entry === undefined) return undefined;
  const there = look(world.nodeOf(owner));
  const identity = identityOf(owner, entry);
  const { userid: user, tokenid: token } = parseIdentity(identity);
  const role = entry.role === 'PVEAuditor' ? 'tofu-role' : entry.role;
  const [isUser, found] = [there.users.has(user), there.tokens.get(identity)];
  const ours = isUser && user !== 'root@pam' && !leavesAccess(entry);
  const is = { user: isUser, ours, token: found !== undefined, role: there.roles.has(role) };
  return { there, user, token, identity, role, comment: found?.comment ?? '', is };
}
