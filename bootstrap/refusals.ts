import type { TokenIdentity } from '../contract/identifiers';
import { Refusal } from '../contract/refusal';
import type { Owner } from '../contract/settings';
import { printable } from './foreign-text';

/** Every condition that the operator can put right, a factory each; those of the connection stand in `ssh/refusals.ts`. */

const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

export const settingsUnreadable = (variable: string, cause: string) =>
  new Refusal(
    'SETTINGS_UNREADABLE',
    `The settings in \`${variable}\` cannot be used: ${cause}.`,
    'This program is run by the provisioners of a synthesized stack, which hand it its settings in that variable.',
    'Synthesize and deploy again with one release of the constructs and the program (`npm ci`, then `cdktf deploy`).',
  );

export const verbUnknown = (verb: string | undefined, verbs: readonly string[]) =>
  new Refusal(
    'VERB_UNKNOWN',
    `There is no verb \`${verb ?? ''}\`.`,
    'The first argument names what to do.',
    `Use one of ${quoted(verbs)}.`,
  );

export const presetUnusable = (preset: string, missing: readonly string[]) =>
  new Refusal(
    'PRESET_UNUSABLE',
    `Preset \`${preset}\` needs privileges that the node does not know: ${missing.join(', ')}.`,
    'The node refuses a role with a privilege that its release does not have.',
    'Give the entry `privileges = [...]` with names that this release knows (`pveum role list` shows them at Administrator).',
    { unchanged: true },
  );

export const privilegesUnknown = (unknown: readonly string[], known: ReadonlySet<string>) =>
  new Refusal(
    'PRIVILEGES_UNKNOWN',
    `The node does not know ${unknown.length === 1 ? 'the privilege' : 'the privileges'} ${unknown.join(', ')}.`,
    'The node refuses a role with a privilege that its release does not have.',
    unknown.includes('VM.Monitor') && known.has('VM.GuestAgent.Audit')
      ? 'Proxmox VE 9 has no VM.Monitor: take it out of `privileges` (VM.GuestAgent.Audit stands for its guest agent part), or use a preset, which knows the releases.'
      : 'Correct `privileges` (names are case-sensitive; `pveum role list` on the node shows them at Administrator), or use a preset.',
    { unchanged: true },
  );

export const roleMissing = (role: string) =>
  new Refusal(
    'ROLE_MISSING',
    `The node has no built-in role \`${role}\`.`,
    'Roles that Proxmox VE makes itself cannot be added.',
    'Choose a role of this release (`pveum role list`), or a role name of your own with `privileges`.',
    { unchanged: true },
  );

export const tokenExists = (identity: string) =>
  new Refusal(
    'TOKEN_EXISTS',
    `Token \`${identity}\` is there already, made by others, and \`on_existing\` is "fail".`,
    'Its consumers go on working.',
    'Set `on_existing = "adopt"` to keep its secret, `"rotate"` to replace it, or choose another token id.',
    { unchanged: true },
  );

export const ownedByAnother = ({ identity, userid, tokenid }: TokenIdentity, owner: Owner) =>
  new Refusal(
    'TOKEN_OF_ANOTHER',
    `Token \`${identity}\` belongs to entry \`${owner.cluster}\` of environment \`${owner.environment}\`.`,
    'Two entries that manage one token would take it from each other.',
    'Choose another token id. If that entry was renamed or removed, deploy once more after its removal is through; if it is' +
      ` gone for good, run \`pveum user token modify ${userid} ${tokenid} --comment ' '\` on the node: the token is then adopted.`,
    { unchanged: true },
  );

export const secretUnreadable = (identity: string, answer: string) =>
  new Refusal(
    'SECRET_UNREADABLE',
    `The secret of token \`${identity}\`, which is to be kept, cannot be read on the node: ${answer}.`,
    'A node shows a secret once; after that it stands only in /etc/pve/priv/token.cfg, which root alone may read.',
    'Let the SSH user run `grep` on that file through `sudo -n`, connect as root, or get a new secret: change `generation`' +
      ' (or set `on_existing = "rotate"` for a token that others made).',
    { unchanged: true },
  );

export const nodeUnreadable = (answer: string) =>
  new Refusal(
    'NODE_UNREADABLE',
    `The node's users and roles cannot be read: ${answer}.`,
    'What is there has to be known first.',
    'Connect as root, or let the SSH user run `pveum` through `sudo -n` without a password (docs/on-the-node.md has the lines for sudoers).',
    { unchanged: true },
  );

export const commandFailed = (command: string, exit: number, answer: string) =>
  new Refusal(
    'COMMAND_FAILED',
    `\`${command}\` failed on the node (exit ${exit}): ${answer}`,
    'The node refused this change.',
    'Put right what the node says, then deploy again: the next run goes on from here.',
  );

export const nodeLocked = (command: string, seconds: number) =>
  new Refusal(
    'NODE_LOCKED',
    `\`${command}\` found the node's user configuration locked for more than ${seconds} s.`,
    'Another program holds the lock, or the cluster has lost its quorum, which makes /etc/pve read-only.',
    'Check `pvecm status` on the node, then deploy again; `ssh.timeouts.lock` gives it more time.',
  );

export const secretLost = (identity: string) =>
  new Refusal(
    'SECRET_LOST',
    `The node made token \`${identity}\` but its answer held no secret.`,
    '`pveum` prints the secret as JSON, once; something on the node changed its output.',
    'Deploy again: the secret is then read from the node. If that fails too, change `generation`.',
  );

export const orphaned = () =>
  new Refusal(
    'ORPHANED',
    'The engine that started this program is gone.',
    'Going on alone could undo what the next deploy does.',
    'Deploy again: the next run goes on from here.',
  );

export const handoffUnwritable = (file: string, cause: string) =>
  new Refusal(
    'HANDOFF_UNWRITABLE',
    `The hand-off file \`${file}\` cannot be written: ${cause}.`,
    'Through it the secret reaches the state; it is removed again in the same deploy.',
    'Make room, or make the folder writable, then deploy again: the secret is read from the node then.',
  );

export const handoffLeft = (folder: string, cause: string) =>
  new Refusal(
    'HANDOFF_LEFT',
    `The hand-off files in \`${folder}\` cannot be deleted: ${cause}.`,
    'They may still hold secrets, which nobody but you can read there and which the state holds by now.',
    'Make the folder writable, then deploy again, or delete it by hand.',
  );

export const apiUnreachable = (endpoint: string, cause: string) =>
  new Refusal(
    'API_UNREACHABLE',
    `${endpoint} does not answer as the API of Proxmox VE: ${cause}.`,
    'The token is verified as its consumer will use it, so `endpoint` has to be reachable from this machine.' +
      `${/:\d+$/.test(endpoint) ? '' : ' It names no port, so 443 was tried.'}`,
    'Correct `endpoint` (the API listens on port 8006), open the way to it, or set `verify = false` in `bootstrap`; then deploy again.',
    { unchanged: true },
  );

/** What Node calls a fault of a certificate, in words, and what to do. Any other: nobody signed it who is trusted. */
const CERTIFICATE_FAULTS: readonly (readonly [codes: RegExp, fault: string, fix: string])[] = [
  [
    /ALTNAME|HOSTNAME/,
    'it is for another name',
    'Write a name or address of the certificate in `endpoint`, or give the node a certificate for this one.',
  ],
  [/EXPIRED/, 'it has expired', 'Renew it on the node: `pvecm updatecerts --force` renews its own.'],
  [/NOT_YET/, 'it is not valid yet', 'Compare the clocks of the node and of this machine.'],
];

/** `shown`: what the server presented, for people; `ca`: the entry names a CA. */
export const apiUntrusted = (endpoint: string, code: string, shown: string | undefined, ca: boolean) => {
  const unsigned = ca ? 'no CA of `ca_file` signed it' : 'no CA that this machine trusts signed it';
  const signed = ca
    ? "Take `ca_file` from a node of this very cluster (/etc/pve/pve-root-ca.pem), or leave it out if the certificate is a public CA's."
    : "Set `ca_file` to the cluster's CA (/etc/pve/pve-root-ca.pem), give the node a certificate that this machine trusts, or set `insecure = true`.";
  const [, fault, fix] = CERTIFICATE_FAULTS.find(([codes]) => codes.test(code)) ?? ['', unsigned, signed];
  return new Refusal(
    'API_UNTRUSTED',
    `The certificate of ${endpoint} is not trusted: ${fault} (${code}).`,
    `${shown === undefined ? '' : `It is ${shown}. `}The consumer would refuse it too: the entry says \`insecure = false\`.`,
    fix,
    { unchanged: true },
  );
};

export const caUnreadable = (file: string, cause: string) =>
  new Refusal(
    'CA_UNREADABLE',
    `\`ca_file\` ${file} cannot be read: ${cause}.`,
    'The verification trusts these certificates.',
    "Correct the path (relative to the project's folder), then deploy again.",
    { unchanged: true },
  );

export const tokenRefused = (identity: string, status: string) =>
  new Refusal(
    'TOKEN_REFUSED',
    `The API does not accept token \`${identity}\`: ${status}.`,
    'The node made or kept this token, so either it is expired, its user is disabled, or `endpoint` is another cluster.',
    'Check `expire`, the user on the node, and that `endpoint` and `ssh.host` are the same cluster; then deploy again.',
  );

export const privilegesMissing = (identity: string, missing: readonly string[]) =>
  new Refusal(
    'PRIVILEGES_MISSING',
    `Token \`${identity}\` works but lacks ${missing.join('; ')}.`,
    'Another ACL entry of the same user, token or one of its groups on that path replaces ours there.',
    'Look at `pveum acl list` on the node, or choose other `acl` paths; then deploy again.',
  );

export const markTooLong = () =>
  new Refusal(
    'MARK_TOO_LONG',
    'What this entry makes on the node does not fit into a comment there.',
    "Each ACL path is written into a user's comment, so that removal finds it again, and a comment holds 2048 characters.",
    'Name fewer `acl` paths: a pool (/pool/NAME) gathers many VMs and storages under one path.',
    { unchanged: true },
  );

export const userMissing = (userid: string) =>
  new Refusal(
    'USER_MISSING',
    `The node has no user \`${userid}\`.`,
    'The entry says `manage_access = false`: user, role and ACL are left to others.',
    'Make the user first, or take `manage_access = false` out and name a `role`: the user is then made.',
    { unchanged: true },
  );

export const expirePast = (identity: string, expire: number) =>
  new Refusal(
    'EXPIRE_PAST',
    `Token \`${identity}\` would expire before it is made: \`expire\` is ${new Date(expire * 1000).toISOString()}.`,
    'Nobody could use its secret.',
    'Set `expire` to a later date, or to 0 for never.',
    { unchanged: true },
  );

export const settingsUnsaid = (identity: string, unsaid: readonly string[]) =>
  new Refusal(
    'SETTINGS_UNSAID',
    `Token \`${identity}\` cannot get a new secret as the entry stands.`,
    'Others gave it what the entry does not name. This release of Proxmox VE has to remove the token and make it again, and a' +
      ' run that is cut off in between would not know that any more.',
    `Say in \`bootstrap\` what is there now, or take it away on the node: ${quoted(unsaid)}. Then deploy again.`,
    { unchanged: true },
  );

export const roleShared = (role: string, owner: Owner, missing: readonly string[], excess: readonly string[]) =>
  new Refusal(
    'ROLE_SHARED',
    `Role \`${role}\` is also the role of entry \`${owner.cluster}\` of environment \`${owner.environment}\`, with other privileges.`,
    `There is one role of a name on a node. This entry would change it: ${[...missing.map((name) => `+${name}`), ...excess.map((name) => `-${name}`)].join(' ')}.`,
    'Give both entries the same list, or this one a role name of its own. To change the list of both, deploy one of them with' +
      ' `change_others = true`, then the other.',
    { unchanged: true },
  );

const SHOWN = 6;

export const othersChange = (effects: readonly string[]) =>
  new Refusal(
    'OTHERS_CHANGE',
    `This deploy would change what others may do: ${effects
      .slice(0, SHOWN)
      .map((effect) => printable(effect, 300))
      .join('; ')}` + `${effects.length > SHOWN ? `; and ${effects.length - SHOWN} more` : ''}.`,
    "A user's tokens share its rights, and on one path a user's own ACL entries hide those of its groups.",
    'Take a user and a role of its own for this token, or `manage_access = false` to leave user, role and ACL as they are. If the' +
      ' change is meant, set `change_others = true` in `bootstrap`.',
    { unchanged: true },
  );

export const pathUnknown = (path: string) =>
  new Refusal(
    'PATH_UNKNOWN',
    `The node's release has no ACL path \`${path}\`.`,
    'Resource mappings came with Proxmox VE 8.',
    'Take the path out of `acl`, or upgrade the node.',
    { unchanged: true },
  );

export const notConverging = (line: string) =>
  new Refusal(
    'NODE_CHANGES',
    `The node does not keep what was done: ${line} was due again and again.`,
    'Another program, or a run on another node of the cluster, changes the same things.',
    'Let one of them finish, then deploy again.',
  );

export const nodeBusy = (file: string, seconds: number) =>
  new Refusal(
    'NODE_BUSY',
    `Another run has been working on the node for more than ${seconds} s.`,
    `One run at a time changes users there. It holds the lock \`${file}\` on the node until its connection ends.`,
    `Deploy again when it is done. \`fuser -v ${file}\` on the node shows who holds the lock; \`ssh.timeouts.lock\` gives it more time.`,
    { unchanged: true },
  );

export const nodeUnlockable = (file: string, reason: string) =>
  new Refusal(
    'NODE_UNLOCKABLE',
    `The lock \`${file}\` on the node cannot be opened: ${printable(reason, 200)}.`,
    'One run at a time changes users there, so the lock comes before everything else.',
    `Make it as root on the node: \`install -m 0666 /dev/null ${file}\`.`,
    { unchanged: true },
  );

export const nodeSilent = (place: string, exit: number, stderr: string, noise: string) => {
  const said = printable((stderr.trim() || noise.trim()).split('\n').at(-1) ?? '', 200);
  return new Refusal(
    'NODE_SILENT',
    `${place} ended the session (exit ${exit}) before our program on it was ready.`,
    said === ''
      ? 'It said nothing. A startup file of the login shell that calls `exit` does this.'
      : `Its last words: ${said}`,
    exit === 127
      ? 'Is that a Proxmox VE node? Every one has `perl`, which this needs.'
      : 'Try `ssh` to it with the command `true`. Look at the startup files of the login shell (~/.bashrc, ~/.zshenv, config.fish).',
    { unchanged: true },
  );
};

export const outputDisturbed = (place: string) =>
  new Refusal(
    'OUTPUT_DISTURBED',
    `On ${place} another program wrote into the answer of a command.`,
    'A startup file of the login shell leaves a program running in the background that writes to the same output.',
    'Take it out of the startup file (~/.bashrc, ~/.zshenv, config.fish), then deploy again.',
  );

export const isLink = (path: string) =>
  new Refusal(
    'PATH_IS_LINK',
    `\`${path}\` is a symbolic link.`,
    'Secrets would be written, or files deleted, wherever it points.',
    'Put the file or folder itself there, then deploy again.',
    { unchanged: true },
  );

export const stateUnguarded = (file: string, cause: string) =>
  new Refusal(
    'STATE_UNGUARDED',
    `The state file \`${file}\` cannot be kept at mode 0600: ${cause}.`,
    'It holds every secret, and the engine alone would make it readable to all.',
    'Make the file, its backups and its folder yours (`chown`), or use a remote backend; then deploy again.',
    { unchanged: true },
  );

export const stateRoomless = (folder: string, free: number, needed: number) =>
  new Refusal(
    'STATE_ROOMLESS',
    `There is too little room for the state in \`${folder}\`: ${free} bytes are free, ${needed} are needed.`,
    'An engine that cannot write its state prints it, secrets included.',
    'Make room, then deploy again.',
    { unchanged: true },
  );
