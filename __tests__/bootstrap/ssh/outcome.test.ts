import { describe, expect, test } from 'vitest';

import { Attempts } from '../../../bootstrap/ssh/auth';
import { DialFailure, isTransient, type Stage } from '../../../bootstrap/ssh/failures';
import { refusalFor } from '../../../bootstrap/ssh/outcome';
import type { Stop } from '../../../bootstrap/ssh/route';

const STOP: Stop = {
  role: 'node',
  place: '`root@pve:22`',
  host: 'pve',
  port: 22,
  user: 'root',
  identityFiles: [],
  identitiesOnly: false,
  knownHostsFiles: [],
  hostKeyName: 'pve',
  connectSeconds: 20,
};

function refused(stage: Stage, condition: string, detail?: string) {
  const attempts = new Attempts([
    { kind: 'publickey', label: 'agent key A', method: { type: 'none', username: 'root' } },
    { kind: 'password', label: 'password', method: { type: 'none', username: 'root' } },
  ]);
  attempts.next(['publickey']);
  return refusalFor(STOP, new DialFailure(stage, condition, { detail }), { attempt: 1, attempts, skipped: [] });
}

describe('what the operator is told', () => {
  test('when the server cuts off amid many keys', () => {
    expect(refused('login', 'disconnected').message).toBe(`\`root@pve:22\` did not let us in.
  why: tried: agent key A. then it cut off (MaxAuthTries): name the one key with \`ssh.identity_file\`. it takes: publickey.
  fix: Put your public key there (ssh-copy-id root@pve), load the key into the SSH agent, or set PROXMOX_SSH_PASSPHRASE or PROXMOX_SSH_PASSWORD.`);
  });

  test('when the password has expired', () => {
    expect(
      refused('login', 'password-expired').message,
    ).toBe(`\`root@pve:22\` did not let us in: the password in PROXMOX_SSH_PASSWORD has expired.
  why: The machine asks for a new one, which a deploy cannot choose.
  fix: Log in once with ssh and change it, or use a key.`);
  });

  test.each<[Stage, string, string]>([
    ['connect', 'timeout', 'connecting took longer than 20 s'],
    ['login', 'timeout', 'logging in took longer than 20 s'],
    ['handshake', 'cut', 'the connection was cut during the SSH handshake'],
    ['connect', 'EHOSTUNREACH', 'no way leads to that host (EHOSTUNREACH)'],
    ['connect', 'ESOMETHING', 'ESOMETHING'],
  ])('when it fails at %s with %s', (stage, condition, text) => {
    expect(refused(stage, condition).what).toBe(`\`root@pve:22\` cannot be reached: ${text}.`);
  });

  test('when the other side’s words hold control characters, they are not passed on', () => {
    expect(refused('handshake', 'protocol', 'a\u001b[2Jb').what).toMatch(/got: a\?\[2Jb$/);
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
