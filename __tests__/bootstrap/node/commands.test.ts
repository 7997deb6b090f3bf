import { describe, expect, test } from 'vitest';
import { addTokenCommand, commandOf, regenerateTokenCommand } from '../../../bootstrap/node/commands';
import type { Principal, Step } from '../../../bootstrap/plan/steps';

const USER: Principal = { type: 'user', id: 'jo@pve' };
const TOKEN: Principal = { type: 'token', id: 'jo@pve!ci' };
const grant = (principals: readonly Principal[], propagate = true): Step => ({
  verb: 'grant',
  path: '/vms/100',
  role: 'r1',
  propagate,
  principals,
});

describe('the words after pveum', () => {
  test.each<[Step, string[]]>([
    [{ verb: 'addUser', userid: 'jo@pve', comment: 'a b' }, ['user', 'add', 'jo@pve', '--comment', 'a b']],
    [{ verb: 'setUserComment', userid: 'jo@pve', comment: '' }, ['user', 'modify', 'jo@pve', '--comment', '']],
    [{ verb: 'deleteUser', userid: 'jo@pve' }, ['user', 'delete', 'jo@pve']],
    [
      { verb: 'addRole', role: 'r1', privileges: ['VM.Audit', 'VM.Clone'] },
      ['role', 'add', 'r1', '--privs', 'VM.Audit,VM.Clone'],
    ],
    [{ verb: 'setRole', role: 'r1', privileges: ['VM.Audit'] }, ['role', 'modify', 'r1', '--privs', 'VM.Audit']],
    [{ verb: 'deleteRole', role: 'r1' }, ['role', 'delete', 'r1']],
    [grant([USER]), ['acl', 'modify', '/vms/100', '--users', 'jo@pve', '--roles', 'r1', '--propagate', '1']],
    [
      grant([TOKEN], false),
      ['acl', 'modify', '/vms/100', '--tokens', 'jo@pve!ci', '--roles', 'r1', '--propagate', '0'],
    ],
    [
      grant([USER, TOKEN]),
      ['acl', 'modify', '/vms/100', '--users', 'jo@pve', '--tokens', 'jo@pve!ci', '--roles', 'r1', '--propagate', '1'],
    ],
    [
      { verb: 'revokeGrant', path: '/', role: 'r1', principal: TOKEN },
      ['acl', 'delete', '/', '--tokens', 'jo@pve!ci', '--roles', 'r1'],
    ],
    [
      { verb: 'setToken', identity: 'jo@pve!ci', expire: 0 },
      ['user', 'token', 'modify', 'jo@pve', 'ci', '--expire', '0', '--output-format', 'json'],
    ],
    [
      { verb: 'setToken', identity: 'jo@pve!ci', comment: 'x', expire: 7, privsep: false },
      [
        ...['user', 'token', 'modify', 'jo@pve', 'ci', '--privsep', '0', '--expire', '7', '--comment', 'x'],
        ...['--output-format', 'json'],
      ],
    ],
    [
      { verb: 'setToken', identity: 'jo@pve!ci', comment: '' },
      ['user', 'token', 'modify', 'jo@pve', 'ci', '--comment', ' ', '--output-format', 'json'],
    ],
    [{ verb: 'removeToken', identity: 'jo@pve!ci' }, ['user', 'token', 'remove', 'jo@pve', 'ci']],
  ])('of %j', (step, words) => expect(commandOf(step)).toEqual(words));

  const settings = { comment: 'x', expire: 0, privsep: true };
  const options = ['--privsep', '1', '--expire', '0', '--comment', 'x', '--output-format', 'json'];

  test('of a new token give everything, so that nothing is left to a default of the release', () => {
    expect(addTokenCommand('jo@pve!ci', settings)).toEqual(['user', 'token', 'add', 'jo@pve', 'ci', ...options]);
  });

  test('of a new secret are those of a change with one option more', () => {
    expect(regenerateTokenCommand('jo@pve!ci', settings)).toEqual([
      ...['user', 'token', 'modify', 'jo@pve', 'ci', '--regenerate', '1', ...options],
    ]);
  });
});

describe('an identifier that is none is refused before it is sent', () => {
  const bad = ['-x', '--all', 'a b', '$(a)', 'a;b', 'a\nb', '', 'ä'];

  test.each(bad)('%j', (text) => {
    const steps: Step[] = [
      { verb: 'addUser', userid: text, comment: '' },
      { verb: 'setUserComment', userid: `${text}@pve`, comment: '' },
      { verb: 'deleteUser', userid: text },
      { verb: 'addRole', role: text, privileges: ['VM.Audit'] },
      { verb: 'setRole', role: 'r1', privileges: ['VM.Audit', text] },
      { verb: 'deleteRole', role: text },
      { ...grant([USER]), path: text } as Step,
      { ...grant([USER]), role: text } as Step,
      grant([USER, { type: 'user', id: text }]),
      grant([{ type: 'token', id: `jo@pve!${text}` }]),
      { verb: 'revokeGrant', path: '/', role: 'r1', principal: { type: 'token', id: text } },
      { verb: 'setToken', identity: `jo@pve!${text}`, expire: 0 },
      { verb: 'removeToken', identity: `${text}!ci` },
    ];
    for (const step of steps) {
      expect(() => commandOf(step), step.verb).toThrow(/^not sent to the node: an argument is /);
    }
    const settings = { comment: '', expire: 0, privsep: true };
    for (const make of [addTokenCommand, regenerateTokenCommand]) {
      expect(() => make(`jo@pve!${text}`, settings)).toThrow(RangeError);
    }
  });

  test('and the error does not repeat it: an identity may have its secret behind it', () => {
    const secret = crypto.randomUUID();
    expect(() => commandOf({ verb: 'removeToken', identity: `jo@pve!ci=${secret}` })).toThrow(
      new RangeError(
        'not sent to the node: an argument is not a token id (two characters or more: a letter, then letters, digits, `.`, `_`, `-`)',
      ),
    );
  });
});
