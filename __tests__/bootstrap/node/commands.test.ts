import { describe, expect, test } from 'vitest';
import { commandOf } from '../../../bootstrap/node/commands';
import { type Principal, principalOf, type Step } from '../../../bootstrap/node/steps';

const USER = principalOf('jo@pve');
const TOKEN = principalOf('jo@pve!ci');
const settings = { comment: 'x', expire: 0, privsep: true };
const grant = (principals: readonly Principal[], over: Partial<Step> = {}) =>
  ({ verb: 'grant', path: '/vms/100', role: 'r1', propagate: true, principals, ...over }) as Step;

test('each step has one command, and every option is said', () => {
  const steps: Step[] = [
    { verb: 'addUser', userid: 'jo@pve', comment: '"a" b' },
    { verb: 'addUser', userid: 'jo@pve', comment: '', disabled: true },
    { verb: 'setUserComment', userid: 'jo@pve', comment: '' },
    { verb: 'deleteUser', userid: 'jo@pve' },
    { verb: 'addRole', role: 'r1', privileges: ['VM.Audit', 'VM.Clone'] },
    { verb: 'setRole', role: 'r1', privileges: [] },
    { verb: 'deleteRole', role: 'r1' },
    grant([USER]),
    grant([TOKEN], { propagate: false }),
    grant([USER, TOKEN]),
    { verb: 'revokeGrant', path: '/', role: 'r1', principal: TOKEN },
    { verb: 'makeToken', identity: 'jo@pve!ci', settings },
    { verb: 'renewToken', identity: 'jo@pve!ci', settings },
    { verb: 'setToken', identity: 'jo@pve!ci', expire: 7 },
    { verb: 'setToken', identity: 'jo@pve!ci', comment: '', privsep: false },
    { verb: 'removeToken', identity: 'jo@pve!ci' },
    { verb: 'readSecret', identity: 'jo@pve!ci', adopting: false },
  ];
  // A word with blanks, or without a character, in brackets.
  const lines = steps.map((step) =>
    commandOf(step)
      .map((word) => (/^\S+$/.test(word) ? word : `[${word}]`))
      .join(' '),
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "pveum user add jo@pve --comment ["a" b]
    pveum user add jo@pve --comment [] --enable 0
    pveum user modify jo@pve --comment []
    pveum user delete jo@pve
    pveum role add r1 --privs VM.Audit,VM.Clone
    pveum role modify r1 --privs []
    pveum role delete r1
    pveum acl modify /vms/100 --users jo@pve --roles r1 --propagate 1
    pveum acl modify /vms/100 --tokens jo@pve!ci --roles r1 --propagate 0
    pveum acl modify /vms/100 --users jo@pve --tokens jo@pve!ci --roles r1 --propagate 1
    pveum acl delete / --tokens jo@pve!ci --roles r1
    pveum user token add jo@pve ci --privsep 1 --expire 0 --comment x --output-format json
    pveum user token modify jo@pve ci --regenerate 1 --privsep 1 --expire 0 --comment x --output-format json
    pveum user token modify jo@pve ci --expire 7 --output-format json
    pveum user token modify jo@pve ci --privsep 0 --comment [ ] --output-format json
    pveum user token remove jo@pve ci
    grep -F -e [jo@pve!ci ] /etc/pve/priv/token.cfg"
  `);
});

describe('an identifier that is none is refused before it is sent', () => {
  test.each(['-x', '--all', 'a b', '$(a)', 'a;b', 'a\nb', '', 'ä'])('%j', (text) => {
    const steps: Step[] = [
      { verb: 'addUser', userid: text, comment: '' },
      { verb: 'setUserComment', userid: `${text}@pve`, comment: '' },
      { verb: 'deleteUser', userid: text },
      { verb: 'addRole', role: text, privileges: ['VM.Audit'] },
      { verb: 'setRole', role: 'r1', privileges: ['VM.Audit', text] },
      { verb: 'deleteRole', role: text },
      grant([USER], { path: text }),
      grant([USER], { role: text }),
      grant([USER, { type: 'user', id: text }]),
      grant([{ type: 'token', id: `jo@pve!${text}` }]),
      { verb: 'revokeGrant', path: '/', role: 'r1', principal: { type: 'token', id: text } },
      { verb: 'makeToken', identity: `jo@pve!${text}`, settings },
      { verb: 'renewToken', identity: `${text}!ci`, settings },
      { verb: 'setToken', identity: `jo@pve!${text}`, expire: 0 },
      { verb: 'removeToken', identity: `${text}!ci` },
      { verb: 'readSecret', identity: `jo@pve!${text}`, adopting: true },
    ];
    for (const step of steps)
      expect(() => commandOf(step), step.verb).toThrow(/^not sent to the node: an argument is /);
  });

  test('and the error does not repeat it: an identity may have its secret behind it', () => {
    const identity = `jo@pve!ci=${crypto.randomUUID()}`;
    expect(() => commandOf({ verb: 'removeToken', identity })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: not sent to the node: an argument is not a token id (two characters or more: a letter, then letters, digits, \`.\`, \`_\`, \`-\`)]`,
    );
  });
});
