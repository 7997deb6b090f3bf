import { describe, expect, test } from 'vitest';
import type { FoundSecret, FoundToken, NodeFound } from '../../../bootstrap/node/found';
import { planToken } from '../../../bootstrap/plan/token';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { Refusal } from '../../../contract/refusal';
import type { OnExisting } from '../../../contract/settings';
import { aNode, anEntry, OTHER, told } from './support';

const MARKS: Readonly<Record<string, string | undefined>> = {
  'no token': undefined,
  'of others': 'by hand',
  'made in 1': 'x [cdktf-proxmox-tokens lab/nuc generation=1]',
  'adopted in 1': 'x [cdktf-proxmox-tokens lab/nuc generation=1 adopted]',
  'made in 2': 'x [cdktf-proxmox-tokens lab/nuc generation=2]',
  'adopted in 2': 'x [cdktf-proxmox-tokens lab/nuc generation=2 adopted]',
  'taken over in 2': 'x [cdktf-proxmox-tokens lab/nuc generation=2 taken-over]',
  'made, no word when': 'x [cdktf-proxmox-tokens lab/nuc]',
  'of another entry': '[cdktf-proxmox-tokens prod/nuc generation=1]',
  'of both': '[cdktf-proxmox-tokens prod/nuc generation=1] [cdktf-proxmox-tokens lab/nuc generation=1]',
};
const SECRETS: readonly FoundSecret[] = [
  { kind: 'there' },
  { kind: 'none' },
  { kind: 'unreadable', answer: 'no sudo' },
];

const nodeWith = (comment: string | undefined, over: Partial<FoundToken> = {}) =>
  aNode({ users: { 'tofu@pve': '' }, tokens: comment === undefined ? {} : { 'tofu@pve!ci': { comment, ...over } } });

/** What becomes of the secret, in a word, and whence the token comes then. */
function outcome(wanted: Wanted, found: NodeFound): string {
  try {
    const { secret, ours } = planToken(wanted, found, 'token');
    const made = secret.map((step) =>
      step.verb === 'readSecret' && step.adopting ? 'adopt' : step.verb.replace(/[A-Z].*/, ''),
    );
    return `${made.join('+')}${ours ? '' : ' (stays)'}`;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** For each mark, and each `on_existing` that makes a difference: what becomes of each secret. */
const outcomes = (node: Partial<NodeFound> = {}) =>
  Object.entries(MARKS).flatMap(([title, comment]) => {
    const rows = (['adopt', 'rotate', 'fail'] as const satisfies readonly OnExisting[]).map((onExisting) => ({
      title: `${title}, ${onExisting}`,
      cells: SECRETS.map((secret) => outcome(anEntry({ onExisting }), { ...nodeWith(comment), secret, ...node })),
    }));
    const isSame = new Set(rows.map(({ cells }) => cells.join())).size === 1;
    return isSame ? rows.slice(0, 1).map((row) => ({ ...row, title })) : rows;
  });

describe('what becomes of a secret that is there, that there is none of, or that cannot be read', () => {
  test('where a node gives a token a new secret in place', () => {
    const lines = outcomes().map(({ title, cells }) => [title.padEnd(20), ...cells.map((cell) => cell.padEnd(17))]);
    expect(lines.map((line) => line.join(' | ').trimEnd()).join('\n')).toMatchInlineSnapshot(`
      "no token             | make              | make              | make
      of others, adopt     | adopt (stays)     | renew             | SECRET_UNREADABLE
      of others, rotate    | renew             | renew             | renew
      of others, fail      | TOKEN_EXISTS      | TOKEN_EXISTS      | TOKEN_EXISTS
      made in 1            | read              | renew             | SECRET_UNREADABLE
      adopted in 1         | read (stays)      | renew             | SECRET_UNREADABLE
      made in 2            | renew             | renew             | renew
      adopted in 2         | renew             | renew             | renew
      taken over in 2      | renew             | renew             | renew
      made, no word when   | read              | renew             | SECRET_UNREADABLE
      of another entry     | TOKEN_OF_ANOTHER  | TOKEN_OF_ANOTHER  | TOKEN_OF_ANOTHER
      of both              | read              | renew             | SECRET_UNREADABLE"
    `);
  });

  test('where it can only remove the token and make it again: the same', () => {
    const again = outcomes({ cannotRenew: true });
    expect(JSON.stringify(again)).toContain('remove+make');
    expect(JSON.parse(JSON.stringify(again).replaceAll('remove+make', 'renew'))).toEqual(outcomes());
  });

  test('for the verb access: nothing, but the same refusals', () => {
    for (const [title, comment] of Object.entries(MARKS)) {
      const found = { ...nodeWith(comment), secret: undefined };
      if (/^of (another|both)|fail/.test(title)) continue;
      expect(planToken(anEntry(), found, 'access').secret, title).toEqual([]);
    }
    expect(() => planToken(anEntry({ owner: OTHER }), nodeWith(MARKS['made in 1']), 'access')).toThrow(
      'belongs to entry `nuc` of environment `lab`',
    );
    expect(() => planToken(anEntry({ onExisting: 'fail' }), nodeWith('by hand'), 'access')).toThrow(
      'is there already, made by others',
    );
  });
});

describe('the settings', () => {
  const steps = (wanted: Wanted, found: NodeFound) => {
    const { secret, settings } = planToken(wanted, { secret: { kind: 'there' }, ...found }, 'token');
    return [...secret, ...settings].filter(({ verb }) => verb !== 'readSecret');
  };
  const HERS = { privsep: true, expire: 4102444800, comment: 'hers' };
  const hers = nodeWith('hers', HERS);

  test('of a new token are all given, with the mark from the start: a cut behind it is no reason to make another', () => {
    const wanted = anEntry({ generation: 'g2', expire: 4102444800, privsep: true, comment: 'CI' });
    expect(steps(wanted, nodeWith(undefined))).toMatchInlineSnapshot(`
      [
        {
          "identity": "tofu@pve!ci",
          "settings": {
            "comment": "CI [cdktf-proxmox-tokens lab/nuc generation=g2]",
            "expire": 4102444800,
            "privsep": true,
          },
          "verb": "makeToken",
        },
      ]
    `);
    expect(steps(anEntry(), nodeWith(undefined))).toMatchObject([{ settings: { expire: 0, privsep: false } }]);
  });

  test('of an adopted token stay but for the mark, and for what the entry says', () => {
    expect(steps(anEntry(), hers)).toMatchInlineSnapshot(`
      [
        {
          "comment": "hers [cdktf-proxmox-tokens lab/nuc generation=1 adopted]",
          "identity": "tofu@pve!ci",
          "verb": "setToken",
        },
      ]
    `);
    expect(steps(anEntry({ expire: 0, privsep: false, comment: 'CI' }), hers)).toMatchInlineSnapshot(`
      [
        {
          "comment": "CI [cdktf-proxmox-tokens lab/nuc generation=1 adopted]",
          "expire": 0,
          "identity": "tofu@pve!ci",
          "privsep": false,
          "verb": "setToken",
        },
      ]
    `);
  });

  test('of a token that is taken over stay as well, in place', () => {
    expect(steps(anEntry({ onExisting: 'rotate' }), hers)).toMatchInlineSnapshot(`
      [
        {
          "identity": "tofu@pve!ci",
          "settings": {
            "comment": "hers [cdktf-proxmox-tokens lab/nuc generation=1 taken-over]",
            "expire": 4102444800,
            "privsep": true,
          },
          "verb": "renewToken",
        },
      ]
    `);
  });

  test('of a token that has to be made again must be said: a cut would lose them', () => {
    const rotate = (over: Pick<Wanted, 'privsep' | 'expire'>) => () =>
      steps(anEntry({ onExisting: 'rotate', ...over }), { ...hers, cannotRenew: true });
    expect(rotate({})).toThrow('`privilege_separation = true`, `expire = 4102444800`');
    expect(rotate({ privsep: true })).toThrow('`expire = 4102444800`');
    expect(told(rotate({ privsep: false, expire: 0 })())).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      token tofu@pve!ci: made"
    `);
  });

  test('and its ACL entries of others, which go with it, unless it is not separated or the entry gives them again', () => {
    const tokens = { 'tofu@pve!ci': { privsep: true, comment: 'hers' } };
    const given = { users: { 'tofu@pve': '' }, roles: { 'tofu-role': '' }, tokens };
    const rotate = (acl: readonly string[], privsep: boolean) => () =>
      steps(anEntry({ onExisting: 'rotate', privsep, expire: 0 }), { ...aNode({ ...given, acl }), cannotRenew: true });
    expect(rotate(['/vms PVEAuditor tofu@pve!ci'], true)).toThrow('`role PVEAuditor for the token on /vms`');
    expect(rotate(['/vms PVEAuditor tofu@pve!ci'], false)()).toHaveLength(2);
    expect(rotate(['/ tofu-role tofu@pve!ci'], true)()).toHaveLength(2);
  });

  test('of a token of ours are those of the entry, with its defaults', () => {
    const ours = nodeWith(MARKS['made in 1'], { privsep: true, expire: 7 });
    expect(steps(anEntry(), ours)).toEqual([{ verb: 'setToken', identity: 'tofu@pve!ci', expire: 0, privsep: false }]);
  });

  test('that would make a new token useless are refused, those of a kept one are not', () => {
    expect(() => steps(anEntry({ expire: 1_600_000_000 }), nodeWith(undefined))).toThrow(
      'would expire before it is made',
    );
    expect(() => steps(anEntry({ onExisting: 'rotate' }), nodeWith('x', { expire: 7 }))).toThrow(
      'would expire before it is made',
    );
    expect(told(steps(anEntry({ expire: 1_600_000_000 }), nodeWith(MARKS['made in 1'])))).toContain('expiry updated');
  });
});
