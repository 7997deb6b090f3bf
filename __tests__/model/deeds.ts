import { claimsOf, heldOn, roleClaim } from '../../bootstrap/plan/claims';
import { parseIdentity } from '../../contract/identifiers';
import type { SimulatedNode } from '../../simulator/node';
import { type Command, meddle } from './edits';
import { identityOf, nameOf, nodeOf, type Owner } from './entries';
import { found } from './look';
import type { People } from './people';
import type { World } from './world';

/** What a deed is done to: an entry's node, user, role and token, as they stand. */
interface Site {
  readonly world: World;
  readonly node: SimulatedNode;
  readonly index: number;
  readonly people: People;
  readonly userid: string;
  readonly tokenid: string;
  readonly identity: string;
  readonly role: string;
  readonly is: { readonly user: boolean; readonly token: boolean; readonly role: boolean };
}

interface Kind {
  readonly can: (site: Site) => boolean;
  readonly act: (site: Site) => Promise<unknown>;
}

const pveum = ({ people }: Site, ...words: readonly string[]) => people.type('adds', 'pveum', ...words);
const change = ({ people }: Site, ...words: readonly string[]) => people.type('changes', 'pveum', ...words);

async function lose(site: Site, secretToo: boolean, ...words: readonly string[]): Promise<void> {
  await change(site, ...words);
  site.people.claimsLost ||= secretToo;
  meddle(site.world, site.index, secretToo);
}

const isClaimed = ({ node, role }: Site) => claimsOf(heldOn(found(node))).has(roleClaim(role));
const isOwn = ({ userid }: Site) => userid !== 'root@pam';
const firstGrant = ({ node, userid }: Site) => found(node).acl.find(({ principal }) => principal === userid);

/** What somebody does by hand, in words for the counterexample. */
export const DEEDS: Readonly<Record<string, Kind>> = {
  'adds the user': {
    can: ({ is }) => !is.user,
    act: (site) => pveum(site, 'user', 'add', site.userid, '--comment', 'ours'),
  },
  'adds the role': {
    // A role has no mark of its own: one that is made under a name that we claim is ours, whoever made it.
    can: (site) => !site.is.role && !isClaimed(site),
    act: (site) => pveum(site, 'role', 'add', site.role, '--privs', 'VM.Console'),
  },
  'adds the token': {
    can: ({ is }) => is.user && !is.token,
    act: async (site) => {
      const words = ['user', 'token', 'add', site.userid, site.tokenid, '--privsep', '0', '--output-format', 'json'];
      const { value } = JSON.parse(await change(site, ...words)) as { readonly value: string };
      site.people.handMade.set(site.identity, value);
    },
  },
  'adds a token of theirs to the user': {
    can: ({ is, node, userid }) => is.user && !found(node).tokens.has(`${userid}!theirs`),
    act: (site) => pveum(site, 'user', 'token', 'add', site.userid, 'theirs', '--comment', 'do not touch'),
  },
  'gives the user a pool': {
    can: (site) => site.is.user && isOwn(site),
    act: (site) => pveum(site, 'acl', 'modify', '/pool/crew', '--users', site.userid, '--roles', 'PVEPoolUser'),
  },
  'gives their user the role': {
    can: ({ is }) => is.role,
    act: (site) => pveum(site, 'acl', 'modify', '/vms', '--users', 'jo@pve', '--roles', site.role),
  },
  'changes the role': {
    can: ({ is }) => is.role,
    act: (site) => lose(site, false, 'role', 'modify', site.role, '--privs', 'VM.Console'),
  },
  'deletes the role': { can: ({ is }) => is.role, act: (site) => lose(site, false, 'role', 'delete', site.role) },
  'deletes the token': {
    can: ({ is }) => is.token,
    act: (site) => lose(site, true, 'user', 'token', 'remove', site.userid, site.tokenid),
  },
  'deletes the user': {
    can: (site) => site.is.user && isOwn(site),
    act: (site) => lose(site, true, 'user', 'delete', site.userid),
  },
  'takes an ACL entry from the user': {
    can: (site) => firstGrant(site) !== undefined,
    act: async (site) => {
      const { path = '', role = '' } = firstGrant(site) ?? {};
      await lose(site, false, 'acl', 'delete', path, '--users', site.userid, '--roles', role);
    },
  },
  "writes into the token's comment": {
    can: ({ is }) => is.token,
    act: async (site) => {
      const comment = `note: ${found(site.node).tokens.get(site.identity)?.comment}`;
      await lose(site, false, 'user', 'token', 'modify', site.userid, site.tokenid, '--comment', comment);
    },
  },
};

export class ByHand implements Command {
  constructor(
    private readonly deed: string,
    private readonly owner: Owner,
  ) {}

  check = (world: World) => {
    const site = this.site(world);
    return site !== undefined && (DEEDS[this.deed]?.can(site) ?? false);
  };

  async run(world: World): Promise<void> {
    const site = this.site(world);
    if (site !== undefined) await DEEDS[this.deed]?.act(site);
  }

  private site(world: World): Site | undefined {
    const entry = world.entries.get(nameOf(this.owner)) ?? world.bookOf(this.owner).applied;
    const index = nodeOf(this.owner);
    const people = world.people[index];
    if (entry === undefined || people === undefined) return undefined;
    const { node } = people;
    const identity = identityOf(this.owner, entry);
    const { userid, tokenid } = parseIdentity(identity);
    const role = entry.role === 'PVEAuditor' ? 'tofu-role' : entry.role;
    const { users, tokens, roles } = found(node);
    const is = { user: users.has(userid), token: tokens.has(identity), role: roles.has(role) };
    return { world, node, index, people, userid, tokenid, identity, role, is };
  }

  toString = () => `on the node of ${nameOf(this.owner)} somebody ${this.deed}`;
}
