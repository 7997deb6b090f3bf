import { expect, test } from 'vitest';
import { parseComment } from '../../../contract/mark';
import { Refusal } from '../../../contract/refusal';
import type { Release, SimulatedNode } from '../../../simulator/node';
import { factsOf, permissionsOf } from '../../support/facts';
import { ALONE, type Case, changes, changesSaid, ENTRIES, lay, PATHS, TOKENS, USERS } from '../../support/hand-made';
import { deployInside, runInside } from '../../support/inside';
import { aNode } from '../../support/node';
import { nodeFiles, settingsFor } from '../../support/verbs';

type End = 'equal' | 'said' | 'refused';
type Play = (node: SimulatedNode, example: Case) => Promise<End>;

/** Deploys an entry for the token, and checks what became of the privileges of all that are concerned. */
async function take(node: SimulatedNode, { user, token, access }: Case, on_existing: 'adopt' | 'rotate') {
  const userid = lay(node, { user, token, access });
  const ids = [userid, ...['mine', ...token.others].map((tokenid) => `${userid}!${tokenid}`)];
  const rights = () => ids.map((id) => permissionsOf(node, id, ...PATHS));
  const [before, files, facts] = [rights(), nodeFiles(node), factsOf(node)];
  // Without role and ACL, as the constructs have it for root@pam.
  const given =
    userid === 'root@pam' && !access.privilege_separation && !token.separated ? { ...access, ...ALONE } : access;
  const settings = settingsFor(node, { identity: `${userid}!mine`, access: given, on_existing });
  const { privilege_separation: separation = token.separated, expire = token.expire, comment = token.comment } = given;
  const end = { settings, facts, kept: separation === token.separated && expire === token.expire, role: given.role };
  const secret = await deployInside(settings, node).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    return error;
  });
  const [ofUser = [], ofToken = [], ...ofOthers] = rights().map((then, index) => changes(before[index] ?? {}, then));
  if (secret instanceof Refusal && secret.code === 'OTHERS_CHANGE') {
    expect(secret.message).toContain('Nothing was changed.');
    expect(nodeFiles(node)).toEqual(files);
    return { ...end, end: 'refused' as const };
  }
  const unsaid = (of: readonly string[]) => of.filter((change) => !changesSaid(given).includes(change));
  if (!given.change_others) expect([unsaid(ofUser), ofOthers.flat()]).toEqual([[], []]);
  if (!given.change_others && separation === token.separated) expect(unsaid(ofToken)).toEqual([]);
  if (secret instanceof Refusal) {
    // Only a new secret is refused later than that: by a node that could not keep what the token has.
    expect([on_existing, secret.code]).toEqual(['rotate', 'SETTINGS_UNSAID']);
    expect(nodeFiles(node).token).toBe(files.token);
    return { ...end, end: 'refused' as const };
  }
  expect(files.token.includes(`${userid}!mine ${secret}\n`)).toBe(on_existing === 'adopt');
  const line = /^token:.*!mine:(\d+):(\d):(.*):$/m.exec(nodeFiles(node).user) ?? [];
  expect([line[1], line[2], parseComment(line[3] ?? '').text]).toEqual([`${expire}`, separation ? '1' : '0', comment]);
  const isEqual = ofUser.length + ofToken.length + ofOthers.flat().length === 0;
  return { ...end, end: isEqual ? ('equal' as const) : ('said' as const) };
}

/** Adopts the token, and gives it back as it was. */
const adopt: Play = async (node, example) => {
  const { end, settings, facts, kept, role } = await take(node, example, 'adopt');
  if (end === 'refused') return end;
  await runInside('revoke', settings, node);
  // What the entry changed on purpose it does not know how to change back.
  const lasting = [...(kept ? [] : [`token:${settings.identity}:`]), ...(role === 'crew' ? ['role:crew:'] : [])];
  const rest = (all: readonly string[]) => all.filter((fact) => !lasting.some((start) => fact.startsWith(start)));
  expect(rest(factsOf(node))).toEqual(rest(facts));
  return end;
};

const rotate: Play = async (node, example) => (await take(node, example, 'rotate')).end;

/** Of twelve tokens each: privileges equal, changed as the entry says, refused. */
async function tableOf(release: Release, play: Play) {
  const node = await aNode({ release });
  const table: string[] = [];
  let cases = 0;
  for (const [name, access] of Object.entries(ENTRIES)) {
    for (const user of Object.keys(USERS)) {
      const ends: string[] = [];
      for (const token of TOKENS) {
        const place = `${name}, ${user}, ${JSON.stringify(token)}`;
        const end = play(node, { user, token, access });
        ends.push(await end.catch((cause) => Promise.reject(new Error(place, { cause }))));
        cases += 1;
      }
      const counts = ['equal', 'said', 'refused'].map((end) => ends.filter((other) => other === end).length);
      table.push(`${counts.join(' ')}  ${name}: ${user}`);
    }
  }
  expect(cases).toBe(540);
  return table.join('\n');
}

test('an adoption leaves the privileges of all that are concerned, or is refused, or the entry says so', async () => {
  expect(await tableOf('9.1', adopt)).toMatchInlineSnapshot(`
    "6 6 0  a role of its own on /: root@pam
    0 8 4  a role of its own on /: an entry of its own
    0 8 4  a role of its own on /: a group
    0 0 12  a role of its own on /: both
    0 8 4  a role of its own on /: nowhere
    6 6 0  a role of its own on /vms: root@pam
    0 8 4  a role of its own on /vms: an entry of its own
    0 0 12  a role of its own on /vms: a group
    0 0 12  a role of its own on /vms: both
    0 8 4  a role of its own on /vms: nowhere
    9 3 0  the role that is there: root@pam
    9 3 0  the role that is there: an entry of its own
    9 3 0  the role that is there: a group
    9 3 0  the role that is there: both
    0 8 4  the role that is there: nowhere
    6 4 2  the role that is there, another list: root@pam
    0 8 4  the role that is there, another list: an entry of its own
    4 4 4  the role that is there, another list: a group
    0 8 4  the role that is there, another list: both
    0 8 4  the role that is there, another list: nowhere
    0 12 0  privilege separation: root@pam
    0 8 4  privilege separation: an entry of its own
    0 0 12  privilege separation: a group
    0 0 12  privilege separation: both
    0 8 4  privilege separation: nowhere
    6 6 0  no privilege separation: root@pam
    0 8 4  no privilege separation: an entry of its own
    0 0 12  no privilege separation: a group
    0 0 12  no privilege separation: both
    0 8 4  no privilege separation: nowhere
    6 6 0  others may change: root@pam
    0 12 0  others may change: an entry of its own
    0 12 0  others may change: a group
    0 12 0  others may change: both
    0 12 0  others may change: nowhere
    12 0 0  the token alone: root@pam
    12 0 0  the token alone: an entry of its own
    12 0 0  the token alone: a group
    12 0 0  the token alone: both
    12 0 0  the token alone: nowhere
    6 6 0  the token alone, with all its settings: root@pam
    9 3 0  the token alone, with all its settings: an entry of its own
    6 6 0  the token alone, with all its settings: a group
    6 6 0  the token alone, with all its settings: both
    12 0 0  the token alone, with all its settings: nowhere"
  `);
}, 240_000);

test.each(['8.4', '9.1'] as const)(
  'so does a token that others made and that gets a new secret on %s',
  async (release) => {
    expect((await tableOf(release, rotate)).split('\n')).toHaveLength(45);
  },
  240_000,
);
