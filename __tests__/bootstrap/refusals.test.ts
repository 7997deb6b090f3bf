import { describe, expect, test } from 'vitest';
import { withProgress } from '../../bootstrap/apply';
import * as refusals from '../../bootstrap/refusals';
import { parseIdentity } from '../../contract/identifiers';
import { Refusal } from '../../contract/refusal';
import { OWNER } from './plan/support';

const NOT_IN_RELEASE = 'Nothing was changed: the node refuses a role with a privilege that its release does not have.';

/** Every condition with its whole message: the three parts of it, as people see them. */
const MESSAGES: readonly [Refusal, string, string, string, string][] = [
  [
    refusals.settingsUnreadable('THE_VARIABLE', 'it is not set'),
    'SETTINGS_UNREADABLE',
    'The settings in `THE_VARIABLE` cannot be used: it is not set.',
    'This program is run by the provisioners of a synthesized stack, which hand it its settings in that variable.',
    'Synthesize and deploy again with one release of the constructs and the program (`npm ci`, then `cdktf deploy`).',
  ],
  [
    refusals.verbUnknown('x', ['a', 'b']),
    'VERB_UNKNOWN',
    'There is no verb `x`.',
    'The first argument names what to do.',
    'Use one of `a`, `b`.',
  ],
  [
    refusals.presetUnusable('opentofu', ['VM.Audit', 'VM.Clone']),
    'PRESET_UNUSABLE',
    'Preset `opentofu` needs privileges that the node does not know: VM.Audit, VM.Clone.',
    NOT_IN_RELEASE,
    'Give the entry `privileges = [...]` with names that this release knows (`pveum role list` shows them at Administrator).',
  ],
  [
    refusals.privilegesUnknown(['VM.Monitor'], new Set()),
    'PRIVILEGES_UNKNOWN',
    'The node does not know the privilege VM.Monitor.',
    NOT_IN_RELEASE,
    'Correct `privileges` (names are case-sensitive; `pveum role list` on the node shows them at Administrator), or use a preset.',
  ],
  [
    refusals.roleMissing('PVEX'),
    'ROLE_MISSING',
    'The node has no built-in role `PVEX`.',
    'Nothing was changed: roles that Proxmox VE makes itself cannot be added.',
    'Choose a role of this release (`pveum role list`), or a role name of your own with `privileges`.',
  ],
  [
    refusals.tokenExists('jo@pve!ci'),
    'TOKEN_EXISTS',
    'Token `jo@pve!ci` is there already, made by others, and `on_existing` is "fail".',
    'Nothing was changed: its consumers go on working.',
    'Set `on_existing = "adopt"` to keep its secret, `"rotate"` to replace it, or choose another token id.',
  ],
  [
    refusals.ownedByAnother(parseIdentity('jo@pve!ci'), OWNER),
    'TOKEN_OF_ANOTHER',
    'Token `jo@pve!ci` belongs to entry `nuc` of environment `lab`.',
    'Nothing was changed: two entries that manage one token would take it from each other.',
    'Choose another token id. If that entry was renamed or removed, deploy once more after its removal is through; if it is' +
      " gone for good, run `pveum user token modify jo@pve ci --comment ' '` on the node: the token is then adopted.",
  ],
  [
    refusals.secretUnreadable('jo@pve!ci', 'sudo: a password is required'),
    'SECRET_UNREADABLE',
    'The secret of token `jo@pve!ci`, which is to be kept, cannot be read on the node: sudo: a password is required.',
    'A node shows a secret once; after that it stands only in /etc/pve/priv/token.cfg, which root alone may read.',
    'Let the SSH user run `grep` on that file through `sudo -n`, connect as root, or get a new secret: change `generation`' +
      ' (or set `on_existing = "rotate"` for a token that others made).',
  ],
  [
    refusals.nodeUnreadable('please run as root'),
    'NODE_UNREADABLE',
    "The node's users and roles cannot be read: please run as root.",
    'Nothing was changed: what is there has to be known first.',
    'Connect as root, or let the SSH user run `pveum` through `sudo -n` without a password (the README has the lines for sudoers).',
  ],
  [
    refusals.commandFailed('pveum user add jo@pve', 255, 'no space'),
    'COMMAND_FAILED',
    '`pveum user add jo@pve` failed on the node (exit 255): no space',
    'The node refused this change.',
    'Put right what the node says, then deploy again: the next run goes on from here.',
  ],
  [
    refusals.nodeLocked('pveum user add jo@pve', 60),
    'NODE_LOCKED',
    "`pveum user add jo@pve` found the node's user configuration locked for more than 60 s.",
    'Another program holds the lock, or the cluster has lost its quorum, which makes /etc/pve read-only.',
    'Check `pvecm status` on the node, then deploy again; `ssh.timeouts.lock` gives it more time.',
  ],
  [
    refusals.secretLost('jo@pve!ci'),
    'SECRET_LOST',
    'The node made token `jo@pve!ci` but its answer held no secret.',
    '`pveum` prints the secret as JSON, once; something on the node changed its output.',
    'Deploy again: the secret is then read from the node. If that fails too, change `generation`.',
  ],
  [
    refusals.orphaned(),
    'ORPHANED',
    'The engine that started this program is gone.',
    'Going on alone could undo what the next deploy does.',
    'Deploy again: the next run goes on from here.',
  ],
  [
    refusals.handoffUnwritable('h/nuc-1', 'ENOSPC'),
    'HANDOFF_UNWRITABLE',
    'The hand-off file `h/nuc-1` cannot be written: ENOSPC.',
    'Through it the secret reaches the state; it is removed again in the same deploy.',
    'Make room, or make the folder writable, then deploy again: the secret is read from the node then.',
  ],
  [
    refusals.handoffLeft('.handoff/lab', 'EROFS'),
    'HANDOFF_LEFT',
    'The hand-off files in `.handoff/lab` cannot be deleted: EROFS.',
    'They may still hold secrets, which nobody but you can read there and which the state holds by now.',
    'Make the folder writable, then deploy again, or delete it by hand.',
  ],
  [
    refusals.apiUnreachable('https://nuc:8006', 'ECONNREFUSED'),
    'API_UNREACHABLE',
    'The API at https://nuc:8006 does not answer: ECONNREFUSED.',
    'The token is verified as its consumer will use it, and that needs `endpoint` to be reachable from this machine.',
    'Correct `endpoint`, open the way to it, or set `verify = false` in `bootstrap`; then deploy again.',
  ],
  [
    refusals.apiUntrusted('https://nuc:8006', 'SELF_SIGNED_CERT_IN_CHAIN'),
    'API_UNTRUSTED',
    'The certificate of https://nuc:8006 is not trusted: SELF_SIGNED_CERT_IN_CHAIN.',
    'The consumer would refuse it too: the entry says `insecure = false`. A node signs its own certificate until it gets another.',
    "Set `ca_file` to the cluster's CA (/etc/pve/pve-root-ca.pem), give the node a certificate that this machine trusts, or set `insecure = true`.",
  ],
  [
    refusals.caUnreadable('ca/nuc.pem', 'ENOENT'),
    'CA_UNREADABLE',
    '`ca_file` ca/nuc.pem cannot be read: ENOENT.',
    'The verification trusts these certificates.',
    "Correct the path (relative to the project's folder), then deploy again.",
  ],
  [
    refusals.tokenRefused('jo@pve!ci', '401 no such user'),
    'TOKEN_REFUSED',
    'The API does not accept token `jo@pve!ci`: 401 no such user.',
    'The node made or kept this token, so either it is expired, its user is disabled, or `endpoint` is another cluster.',
    'Check `expire`, the user on the node, and that `endpoint` and `ssh.host` are the same cluster; then deploy again.',
  ],
  [
    refusals.privilegesMissing('jo@pve!ci', ['VM.Audit on /', 'every privilege on /vms']),
    'PRIVILEGES_MISSING',
    'Token `jo@pve!ci` works but lacks VM.Audit on /; every privilege on /vms.',
    'Another ACL entry of the same user, token or one of its groups on that path replaces ours there.',
    'Look at `pveum acl list` on the node, or choose other `acl` paths; then deploy again.',
  ],
  [
    refusals.markTooLong(3000, 2048),
    'MARK_TOO_LONG',
    'What was made on the node does not fit into a comment there: 3000 characters, and 2048 is the limit.',
    'Nothing was changed: each ACL path is written into the comment of the user or token, so that removal finds it again.',
    'Name fewer `acl` paths: a pool (/pool/NAME) gathers many VMs and storages under one path.',
  ],
];

describe('what the operator is told', () => {
  test.each(MESSAGES)('%#: what, why and fix', (refusal, code, what, why, fix) => {
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal.name).toBe('Refusal');
    expect([refusal.code, refusal.message]).toEqual([code, `${what}\n  why: ${why}\n  fix: ${fix}`]);
  });

  test('is written down here for every condition there is', () => {
    expect(MESSAGES).toHaveLength(Object.keys(refusals).length);
    expect(new Set(MESSAGES.map(([, code]) => code)).size).toBe(MESSAGES.length);
  });
});

describe('how far a run came', () => {
  const refusal = refusals.roleMissing('PVEX');

  test('is added, and nothing is said to be unchanged any longer', () => {
    const after = withProgress(refusal, ['user a: added', 'role b: added']);
    expect(after).toBeInstanceOf(Refusal);
    expect(after).toMatchObject({
      code: 'ROLE_MISSING',
      message: [
        'The node has no built-in role `PVEX`.',
        '  why: Roles that Proxmox VE makes itself cannot be added.',
        '  fix: Choose a role of this release (`pveum role list`), or a role name of your own with `privileges`.',
        '  done before this: user a: added; role b: added',
      ].join('\n'),
    });
  });

  test('is not, where nothing was done, or where the error is a defect', () => {
    expect(withProgress(refusal, [])).toBe(refusal);
    const defect = new TypeError('x');
    expect(withProgress(defect, ['user a: added'])).toBe(defect);
  });
});
