import { describe, expect, test } from 'vitest';
import * as ofNode from '../../bootstrap/node/refusals';
import * as ofPlan from '../../bootstrap/plan/refusals';
import * as ofProgram from '../../bootstrap/refusals';
import { parseIdentity } from '../../contract/identifiers';
import { Refusal } from '../../contract/refusal';
import { OWNER } from './plan/support';

const refusals = { ...ofProgram, ...ofNode, ...ofPlan };

/** Every condition, as people see it. */
const ALL: readonly Refusal[] = [
  refusals.settingsUnreadable('THE_VARIABLE', 'it is not set'),
  refusals.verbUnknown('x', ['a', 'b']),
  refusals.presetUnusable('opentofu', ['VM.Audit', 'VM.Clone']),
  refusals.privilegesUnknown(['VM.Nope', 'vm.audit'], new Set()),
  refusals.privilegesUnknown(['VM.Monitor'], new Set(['VM.GuestAgent.Audit'])),
  refusals.roleMissing('PVEX'),
  refusals.tokenExists('jo@pve!ci'),
  refusals.ownedByAnother(parseIdentity('jo@pve!ci'), OWNER),
  refusals.secretUnreadable('jo@pve!ci', 'sudo: a password is required'),
  refusals.nodeUnreadable('please run as root'),
  refusals.commandFailed('pveum user add jo@pve', 255, 'no space'),
  refusals.nodeLocked('pveum user add jo@pve', 60),
  refusals.secretLost('jo@pve!ci'),
  refusals.orphaned(),
  refusals.handoffUnwritable('h/nuc-1', 'ENOSPC'),
  refusals.handoffLeft('.handoff/lab', 'EROFS'),
  refusals.apiUnreachable('https://nuc:8006', 'ECONNREFUSED'),
  refusals.apiUnreachable('https://nuc', 'ECONNREFUSED'),
  refusals.apiUntrusted('https://nuc:8006', 'SELF_SIGNED_CERT_IN_CHAIN', 'for nuc, signed by PVE, until 2030', false),
  refusals.apiUntrusted('https://nuc:8006', 'CERT_SIGNATURE_FAILURE', undefined, true),
  refusals.apiUntrusted('https://nuc:8006', 'ERR_TLS_CERT_ALTNAME_INVALID', undefined, true),
  refusals.apiUntrusted('https://nuc:8006', 'CERT_HAS_EXPIRED', undefined, false),
  refusals.caUnreadable('ca/nuc.pem', 'ENOENT'),
  refusals.tokenRefused('jo@pve!ci', '401 no such user'),
  refusals.privilegesMissing('jo@pve!ci', ['VM.Audit on /', 'every privilege on /vms']),
  refusals.markTooLong(),
  refusals.userMissing('jo@pve'),
  refusals.expirePast('jo@pve!ci', 1_600_000_000),
  refusals.settingsUnsaid('jo@pve!ci', ['privilege_separation = true', 'expire = 7']),
  refusals.roleShared('ci', OWNER, ['VM.Audit'], ['VM.Clone']),
  refusals.othersChange(Array.from({ length: 8 }, (_, index) => `jo@pve loses VM.Audit on /vms/10${index}`)),
  refusals.pathUnknown('/mapping/pci/gpu'),
  refusals.notConverging('role a: deleted'),
  refusals.nodeBusy('/run/lock/x', 60),
  refusals.nodeUnlockable('/run/lock/x', 'Permission\u001b denied'),
  refusals.nodeSilent('`root@nuc`', 0, '', ''),
  refusals.nodeSilent('`root@nuc`', 127, 'warning\nsh: exec: env: not found\n', 'Welcome!'),
  refusals.nodeSilent('`root@nuc`', 1, ' \n', 'Welcome!\nThis account is \u001b[1mclosed.\n'),
  refusals.outputDisturbed('`root@nuc`'),
  refusals.isLink('/p/.handoff'),
  refusals.stateUnguarded('lab.tfstate', 'EPERM'),
  refusals.stateRoomless('/p', 100, 1048576),
];

test('what the operator is told: what, why and fix', () => {
  expect(ALL.map(({ code, message }) => `${code}\n  ${message}`).join('\n')).toMatchInlineSnapshot(`
    "SETTINGS_UNREADABLE
      The settings in \`THE_VARIABLE\` cannot be used: it is not set.
      why: This program is run by the provisioners of a synthesized stack, which hand it its settings in that variable.
      fix: Synthesize and deploy again with one release of the constructs and the program (\`npm ci\`, then \`cdktf deploy\`).
    VERB_UNKNOWN
      There is no verb \`x\`.
      why: The first argument names what to do.
      fix: Use one of \`a\`, \`b\`.
    PRESET_UNUSABLE
      Preset \`opentofu\` needs privileges that the node does not know: VM.Audit, VM.Clone.
      why: Nothing was changed. The node refuses a role with a privilege that its release does not have.
      fix: Give the entry \`privileges = [...]\` with names that this release knows (\`pveum role list\` shows them at Administrator).
    PRIVILEGES_UNKNOWN
      The node does not know the privileges VM.Nope, vm.audit.
      why: Nothing was changed. The node refuses a role with a privilege that its release does not have.
      fix: Correct \`privileges\` (names are case-sensitive; \`pveum role list\` on the node shows them at Administrator), or use a preset.
    PRIVILEGES_UNKNOWN
      The node does not know the privilege VM.Monitor.
      why: Nothing was changed. The node refuses a role with a privilege that its release does not have.
      fix: Proxmox VE 9 has no VM.Monitor: take it out of \`privileges\` (VM.GuestAgent.Audit stands for its guest agent part), or use a preset, which knows the releases.
    ROLE_MISSING
      The node has no built-in role \`PVEX\`.
      why: Nothing was changed. Roles that Proxmox VE makes itself cannot be added.
      fix: Choose a role of this release (\`pveum role list\`), or a role name of your own with \`privileges\`.
    TOKEN_EXISTS
      Token \`jo@pve!ci\` is there already, made by others, and \`on_existing\` is "fail".
      why: Nothing was changed. Its consumers go on working.
      fix: Set \`on_existing = "adopt"\` to keep its secret, \`"rotate"\` to replace it, or choose another token id.
    TOKEN_OF_ANOTHER
      Token \`jo@pve!ci\` belongs to entry \`nuc\` of environment \`lab\`.
      why: Nothing was changed. Two entries that manage one token would take it from each other.
      fix: Choose another token id. If that entry was renamed or removed, deploy once more after its removal is through; if it is gone for good, run \`pveum user token modify jo@pve ci --comment ' '\` on the node: the token is then adopted.
    SECRET_UNREADABLE
      The secret of token \`jo@pve!ci\`, which is to be kept, cannot be read on the node: sudo: a password is required.
      why: Nothing was changed. A node shows a secret once; after that it stands only in /etc/pve/priv/token.cfg, which root alone may read.
      fix: Let the SSH user run \`grep\` on that file through \`sudo -n\`, connect as root, or get a new secret: change \`generation\` (or set \`on_existing = "rotate"\` for a token that others made).
    NODE_UNREADABLE
      The node's users and roles cannot be read: please run as root.
      why: Nothing was changed. What is there has to be known first.
      fix: Connect as root, or let the SSH user run \`pveum\` through \`sudo -n\` without a password (docs/on-the-node.md has the lines for sudoers).
    COMMAND_FAILED
      \`pveum user add jo@pve\` failed on the node (exit 255): no space
      why: The node refused this change.
      fix: Put right what the node says, then deploy again: the next run goes on from here.
    NODE_LOCKED
      \`pveum user add jo@pve\` found the node's user configuration locked for more than 60 s.
      why: Another program holds the lock, or the cluster has lost its quorum, which makes /etc/pve read-only.
      fix: Check \`pvecm status\` on the node, then deploy again; \`ssh.timeouts.lock\` gives it more time.
    SECRET_LOST
      The node made token \`jo@pve!ci\` but its answer held no secret.
      why: \`pveum\` prints the secret as JSON, once; something on the node changed its output.
      fix: Deploy again: the secret is then read from the node. If that fails too, change \`generation\`.
    ORPHANED
      The engine that started this program is gone.
      why: Going on alone could undo what the next deploy does.
      fix: Deploy again: the next run goes on from here.
    HANDOFF_UNWRITABLE
      The hand-off file \`h/nuc-1\` cannot be written: ENOSPC.
      why: Through it the secret reaches the state; it is removed again in the same deploy.
      fix: Make room, or make the folder writable, then deploy again: the secret is read from the node then.
    HANDOFF_LEFT
      The hand-off files in \`.handoff/lab\` cannot be deleted: EROFS.
      why: They may still hold secrets, which nobody but you can read there and which the state holds by now.
      fix: Make the folder writable, then deploy again, or delete it by hand.
    API_UNREACHABLE
      https://nuc:8006 does not answer as the API of Proxmox VE: ECONNREFUSED.
      why: Nothing was changed. The token is verified as its consumer will use it, so \`endpoint\` has to be reachable from this machine.
      fix: Correct \`endpoint\` (the API listens on port 8006), open the way to it, or set \`verify = false\` in \`bootstrap\`; then deploy again.
    API_UNREACHABLE
      https://nuc does not answer as the API of Proxmox VE: ECONNREFUSED.
      why: Nothing was changed. The token is verified as its consumer will use it, so \`endpoint\` has to be reachable from this machine. It names no port, so 443 was tried.
      fix: Correct \`endpoint\` (the API listens on port 8006), open the way to it, or set \`verify = false\` in \`bootstrap\`; then deploy again.
    API_UNTRUSTED
      The certificate of https://nuc:8006 is not trusted: no CA that this machine trusts signed it (SELF_SIGNED_CERT_IN_CHAIN).
      why: Nothing was changed. It is for nuc, signed by PVE, until 2030. The consumer would refuse it too: the entry says \`insecure = false\`.
      fix: Set \`ca_file\` to the cluster's CA (/etc/pve/pve-root-ca.pem), give the node a certificate that this machine trusts, or set \`insecure = true\`.
    API_UNTRUSTED
      The certificate of https://nuc:8006 is not trusted: no CA of \`ca_file\` signed it (CERT_SIGNATURE_FAILURE).
      why: Nothing was changed. The consumer would refuse it too: the entry says \`insecure = false\`.
      fix: Take \`ca_file\` from a node of this very cluster (/etc/pve/pve-root-ca.pem), or leave it out if the certificate is a public CA's.
    API_UNTRUSTED
      The certificate of https://nuc:8006 is not trusted: it is for another name (ERR_TLS_CERT_ALTNAME_INVALID).
      why: Nothing was changed. The consumer would refuse it too: the entry says \`insecure = false\`.
      fix: Write a name or address of the certificate in \`endpoint\`, or give the node a certificate for this one.
    API_UNTRUSTED
      The certificate of https://nuc:8006 is not trusted: it has expired (CERT_HAS_EXPIRED).
      why: Nothing was changed. The consumer would refuse it too: the entry says \`insecure = false\`.
      fix: Renew it on the node: \`pvecm updatecerts --force\` renews its own.
    CA_UNREADABLE
      \`ca_file\` ca/nuc.pem cannot be read: ENOENT.
      why: Nothing was changed. The verification trusts these certificates.
      fix: Correct the path (relative to the project's folder), then deploy again.
    TOKEN_REFUSED
      The API does not accept token \`jo@pve!ci\`: 401 no such user.
      why: The node made or kept this token, so either it is expired, its user is disabled, or \`endpoint\` is another cluster.
      fix: Check \`expire\`, the user on the node, and that \`endpoint\` and \`ssh.host\` are the same cluster; then deploy again.
    PRIVILEGES_MISSING
      Token \`jo@pve!ci\` works but lacks VM.Audit on /; every privilege on /vms.
      why: Another ACL entry of the same user, token or one of its groups on that path replaces ours there.
      fix: Look at \`pveum acl list\` on the node, or choose other \`acl\` paths; then deploy again.
    MARK_TOO_LONG
      What this entry makes on the node does not fit into a comment there.
      why: Nothing was changed. Each ACL path is written into a user's comment, so that removal finds it again, and a comment holds 2048 characters.
      fix: Name fewer \`acl\` paths: a pool (/pool/NAME) gathers many VMs and storages under one path.
    USER_MISSING
      The node has no user \`jo@pve\`.
      why: Nothing was changed. The entry says \`manage_access = false\`: user, role and ACL are left to others.
      fix: Make the user first, or take \`manage_access = false\` out and name a \`role\`: the user is then made.
    EXPIRE_PAST
      Token \`jo@pve!ci\` would expire before it is made: \`expire\` is 2020-09-13T12:26:40.000Z.
      why: Nothing was changed. Nobody could use its secret.
      fix: Set \`expire\` to a later date, or to 0 for never.
    SETTINGS_UNSAID
      Token \`jo@pve!ci\` cannot get a new secret as the entry stands.
      why: Nothing was changed. Others gave it what the entry does not name. This release of Proxmox VE has to remove the token and make it again, and a run that is cut off in between would not know that any more.
      fix: Say in \`bootstrap\` what is there now, or take it away on the node: \`privilege_separation = true\`, \`expire = 7\`. Then deploy again.
    ROLE_SHARED
      Role \`ci\` is also the role of entry \`nuc\` of environment \`lab\`, with other privileges.
      why: Nothing was changed. There is one role of a name on a node. This entry would change it: +VM.Audit -VM.Clone.
      fix: Give both entries the same list, or this one a role name of its own. To change the list of both, deploy one of them with \`change_others = true\`, then the other.
    OTHERS_CHANGE
      This deploy would change what others may do: jo@pve loses VM.Audit on /vms/100; jo@pve loses VM.Audit on /vms/101; jo@pve loses VM.Audit on /vms/102; jo@pve loses VM.Audit on /vms/103; jo@pve loses VM.Audit on /vms/104; jo@pve loses VM.Audit on /vms/105; and 2 more.
      why: Nothing was changed. A user's tokens share its rights, and on one path a user's own ACL entries hide those of its groups.
      fix: Take a user and a role of its own for this token, or \`manage_access = false\` to leave user, role and ACL as they are. If the change is meant, set \`change_others = true\` in \`bootstrap\`.
    PATH_UNKNOWN
      The node's release has no ACL path \`/mapping/pci/gpu\`.
      why: Nothing was changed. Resource mappings came with Proxmox VE 8.
      fix: Take the path out of \`acl\`, or upgrade the node.
    NODE_CHANGES
      The node does not keep what was done: role a: deleted was due again and again.
      why: Another program, or a run on another node of the cluster, changes the same things.
      fix: Let one of them finish, then deploy again.
    NODE_BUSY
      Another run has been working on the node for more than 60 s.
      why: Nothing was changed. One run at a time changes users there. It holds the lock \`/run/lock/x\` on the node until its connection ends.
      fix: Deploy again when it is done. \`fuser -v /run/lock/x\` on the node shows who holds the lock; \`ssh.timeouts.lock\` gives it more time.
    NODE_UNLOCKABLE
      The lock \`/run/lock/x\` on the node cannot be opened: Permission? denied.
      why: Nothing was changed. One run at a time changes users there, so the lock comes before everything else.
      fix: Make it as root on the node: \`install -m 0666 /dev/null /run/lock/x\`.
    NODE_SILENT
      \`root@nuc\` ended the session (exit 0) before our program on it was ready.
      why: Nothing was changed. It said nothing. A startup file of the login shell that calls \`exit\` does this.
      fix: Try \`ssh\` to it with the command \`true\`. Look at the startup files of the login shell (~/.bashrc, ~/.zshenv, config.fish).
    NODE_SILENT
      \`root@nuc\` ended the session (exit 127) before our program on it was ready.
      why: Nothing was changed. Its last words: sh: exec: env: not found
      fix: Is that a Proxmox VE node? Every one has \`perl\`, which this needs.
    NODE_SILENT
      \`root@nuc\` ended the session (exit 1) before our program on it was ready.
      why: Nothing was changed. Its last words: This account is ?[1mclosed.
      fix: Try \`ssh\` to it with the command \`true\`. Look at the startup files of the login shell (~/.bashrc, ~/.zshenv, config.fish).
    OUTPUT_DISTURBED
      On \`root@nuc\` another program wrote into the answer of a command.
      why: A startup file of the login shell leaves a program running in the background that writes to the same output.
      fix: Take it out of the startup file (~/.bashrc, ~/.zshenv, config.fish), then deploy again.
    PATH_IS_LINK
      \`/p/.handoff\` is a symbolic link.
      why: Nothing was changed. Secrets would be written, or files deleted, wherever it points.
      fix: Put the file or folder itself there, then deploy again.
    STATE_UNGUARDED
      The state file \`lab.tfstate\` cannot be kept at mode 0600: EPERM.
      why: Nothing was changed. It holds every secret, and the engine alone would make it readable to all.
      fix: Make the file, its backups and its folder yours (\`chown\`), or use a remote backend; then deploy again.
    STATE_ROOMLESS
      There is too little room for the state in \`/p\`: 100 bytes are free, 1048576 are needed.
      why: Nothing was changed. An engine that cannot write its state prints it, secrets included.
      fix: Make room, then deploy again."
  `);
});

test('every condition stands there', () => {
  expect(new Set(ALL.map(({ code }) => code)).size).toBe(Object.keys(refusals).length);
});

describe('how far a run came', () => {
  const refusal = refusals.roleMissing('PVEX');

  test('is added, and nothing is said to be unchanged any longer', () => {
    const further = refusal.after(['user a: added', 'role b: added']);
    expect(further).toBeInstanceOf(Refusal);
    expect(`${further.code} ${further.message}`).toMatchInlineSnapshot(`
      "ROLE_MISSING The node has no built-in role \`PVEX\`.
        why: Roles that Proxmox VE makes itself cannot be added.
        fix: Choose a role of this release (\`pveum role list\`), or a role name of your own with \`privileges\`.
        done before this: user a: added; role b: added"
    `);
  });

  test('is not, where nothing was done', () => expect(refusal.after([])).toBe(refusal));
});
