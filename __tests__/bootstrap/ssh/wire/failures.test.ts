import { describe, expect, test } from 'vitest';

import type { Stop } from '../../../../bootstrap/ssh/stop';
import { DialFailure, isTransient, refusalFor, type Stage } from '../../../../bootstrap/ssh/wire/failures';

const STOP: Stop = {
  role: 'node',
  place: '`root@pve:22`',
  host: 'pve',
  port: 22,
  user: 'root',
  family: 0,
  methods: ['publickey', 'password'],
  identityFiles: [],
  identitiesOnly: false,
  unused: [],
  algorithms: {},
  rsaBits: 1024,
  knownHostsFiles: [],
  revokedFiles: [],
  hostKeyName: 'pve',
  pins: [],
  connectSeconds: 20,
  keepalive: { seconds: 10, count: 3 },
};

function refused(stage: Stage, condition: string, detail?: string) {
  const course = { attempt: 1, tried: ['agent key A', 'agent key B'], accepted: ['publickey'], skipped: [] };
  return refusalFor(STOP, new DialFailure(stage, condition, { detail }), course);
}

describe('what the operator is told', () => {
  test('when the server cuts off amid many keys', () => {
    expect(refused('login', 'disconnected').message).toMatchInlineSnapshot(`
      "\`root@pve:22\` rejected the login.
        why: Tried: agent key A; agent key B. Then the server disconnected (MaxAuthTries). The server accepts: publickey.
        fix: Set \`ssh.identity_file\` in the entry to the one key that the server accepts."
    `);
  });

  test('when the password has expired', () => {
    expect(refused('login', 'password-expired').message).toMatchInlineSnapshot(`
      "\`root@pve:22\` rejected the login: the password in PROXMOX_SSH_PASSWORD has expired.
        why: The server asks for a new password, and a deploy cannot choose one.
        fix: Log in once with ssh and change the password, or use a key."
    `);
  });

  test.each<[Stage, string, string]>([
    ['connect', 'timeout', 'timed out after 20 s while connecting'],
    ['login', 'timeout', 'timed out after 20 s during the login'],
    ['handshake', 'cut', 'connection closed during the SSH handshake'],
    ['connect', 'EHOSTUNREACH', 'no route to the host (EHOSTUNREACH)'],
    ['connect', 'ESOMETHING', 'ESOMETHING'],
  ])('when it fails at %s with %s', (stage, condition, text) => {
    expect(refused(stage, condition).what).toBe(`Cannot connect to \`root@pve:22\`: ${text}.`);
  });

  test('when the other side has much to say that a terminal would act on', () => {
    expect(refused('handshake', 'protocol', `a\u001b[2Jü${'b'.repeat(999)}`).what).toMatch(/got: a\?\[2J\?b{194}$/);
  });
});

test.each<[Stage, string, boolean]>([
  ['connect', 'ECONNREFUSED', true],
  ['connect', 'EAI_AGAIN', true],
  ['connect', 'timeout', true],
  ['handshake', 'cut', true],
  ['connect', 'ENOTFOUND', false],
  ['handshake', 'protocol', false],
  ['connect', 'forward-forbidden', false],
  ['login', 'cut', false],
  ['login', 'timeout', false],
  ['login', 'refused', false],
])('whether a failure at %s with %s is tried again: %s', (stage, condition, expected) => {
  expect(isTransient(new DialFailure(stage, condition))).toBe(expected);
});
