import type { SimulatedNode } from '../../../simulator/node';
import type { Entry } from './entries';

/** Who deploys: stacks of one project are deployed by one `cdktf`, the two projects at the same time. */
export const PROJECTS = [['red', 'green'], ['blue']] as const;
const STACKS = PROJECTS.flat();
export type StackName = (typeof STACKS)[number];

/** What one entry wants on the node that all of them share. */
export interface Member {
  readonly stack: StackName;
  readonly name: string;
  readonly userid: string;
  readonly tokenid: string;
  readonly paths: readonly string[];
  readonly privileges: readonly string[];
  readonly separated: boolean;
  readonly generation: number;
  /** Its older token of another user, which is kept alive. */
  readonly retained?: Member;
}

/** Takes one of a list. */
export type Pick = <T>(list: readonly T[]) => T;

/** The same choices each time for one seed. */
export function pickFrom(seed: number): Pick {
  let state = seed >>> 0;
  return (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const found = list[Math.floor((state / 2 ** 32) * list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  };
}

/** A user whom several entries share, with one role: on one path other roles of the same user would hide each other. */
const CROWD = 'crowd@pve';
const CROWD_PRIVILEGES = ['VM.Allocate', 'VM.Audit'];
const LISTS = [['VM.Audit'], ['Sys.Audit', 'VM.Audit'], ['VM.Audit', 'VM.Clone', 'VM.Console']];
const PATHS = [['/'], ['/vms'], ['/storage', '/vms'], ['/', '/pool/lab'], ['/pool/lab']];
const MOST = 5;

export const identityOf = ({ userid, tokenid }: Member) => `${userid}!${tokenid}`;
export const roleOf = ({ userid, name }: Member) => (userid === CROWD ? 'crowd-role' : `${name}-role`);
/** `root@pam` has everything, and needs no role. */
export const needsRole = ({ userid }: Member) => userid !== 'root@pam';

/** The entry after somebody changed a few things in it. */
export function edited(member: Member, pick: Pick, round: number): Member {
  const { retained: _, ...plain } = member;
  const tokenid = `${member.name}-${round}`;
  const userid = pick([CROWD, `${member.name}@pve`, 'root@pam']);
  const privileges = pick(LISTS);
  const moved = { tokenid, userid, separated: userid !== 'root@pam' && pick([true, false]) };
  const edits: readonly (() => Member)[] = [
    () => ({ ...member, generation: member.generation + 1 }),
    () => ({ ...member, paths: pick(PATHS) }),
    () => ({ ...member, paths: ['/vms'] }),
    () => (needsRole(member) ? { ...member, separated: !member.separated } : member),
    () => (member.userid === CROWD || !needsRole(member) ? plain : { ...plain, privileges }),
    () => ({ ...plain, tokenid }),
    () => settle({ ...plain, ...moved, privileges }),
    () => (userid === member.userid ? plain : settle({ ...plain, ...moved, privileges, retained: plain })),
    () => plain,
  ];
  return pick(edits)();
}

/** What is the same for everybody who uses that user. */
function settle(member: Member): Member {
  return member.userid === CROWD ? { ...member, privileges: CROWD_PRIVILEGES } : member;
}

/** Some leave, some are changed, some come; two to five are there then. */
export function nextCrowd(crowd: readonly Member[], pick: Pick, round: number): readonly Member[] {
  const staying = crowd.filter(() => pick([true, true, true, false]));
  const changed = staying.map((member) => (pick([true, true, false]) ? edited(member, pick, round) : member));
  const count = pick([2, 3, 4, MOST]);
  const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter}${round}`);
  const coming = names.slice(0, Math.max(0, count - changed.length)).map((name): Member => {
    const userid = pick([CROWD, CROWD, `${name}@pve`, 'root@pam']);
    const separated = userid !== 'root@pam' && pick([true, false]);
    const wants = { paths: pick(PATHS), privileges: pick(LISTS), separated, generation: 1 };
    return settle({ stack: pick(STACKS), name, userid, tokenid: `${name}-${round}`, ...wants });
  });
  return [...changed, ...coming];
}

export function entryOf(member: Member, node: SimulatedNode): Entry {
  const { name, paths, privileges, separated, generation, retained } = member;
  const acl = paths.map((path) => `{ path = "${path}" }`).join(', ');
  const role = [`role = "${roleOf(member)}"`, `privileges = ${JSON.stringify(privileges)}`, `acl = [${acl}]`];
  const bootstrap = [
    ...(needsRole(member) ? role : []),
    `privilege_separation = ${separated}`,
    `generation = "${generation}"`,
    `retain = ${JSON.stringify(retained === undefined ? [] : [identityOf(retained)])}`,
  ];
  return { name, node, identity: identityOf(member), bootstrap };
}

/** What the node is to hold when all of them are done, in whatever order: each line once, sorted. */
export function expectedLines(crowd: readonly Member[]): string[] {
  const tokens = crowd.flatMap((member) => [member, ...(member.retained === undefined ? [] : [member.retained])]);
  const lines = tokens.flatMap((member) => {
    const { userid, separated, paths } = member;
    const token = `token ${identityOf(member)}${separated ? ' separated' : ''}`;
    if (!needsRole(member)) return [token];
    // A role has one list, which the entry of today says.
    const { privileges } = crowd.find((other) => roleOf(other) === roleOf(member) && needsRole(other)) ?? member;
    const principals = separated ? [userid, identityOf(member)] : [userid];
    const grants = paths.flatMap((path) => principals.map((id) => `acl ${path} ${roleOf(member)} ${id}`));
    return [token, `user ${userid}`, `role ${roleOf(member)} ${privileges.join(' ')}`, ...grants];
  });
  return [...new Set(lines)].sort();
}
