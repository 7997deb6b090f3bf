import type { TokenIdentity } from '../contract/identifiers';
import { Refusal } from '../contract/refusal';
import type { Owner } from '../contract/settings';

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
    'Nothing was changed: the node refuses a role with a privilege that its release does not have.',
    'Give the entry `privileges = [...]` with names that this release knows (`pveum role list` shows them at Administrator).',
  );

export const privilegesUnknown = (unknown: readonly string[], known: ReadonlySet<string>) =>
  new Refusal(
    'PRIVILEGES_UNKNOWN',
    `The node does not know ${unknown.length === 1 ? 'the privilege' : 'the privileges'} ${unknown.join(', ')}.`,
    'Nothing was changed: the node refuses a role with a privilege that its release does not have.',
    unknown.includes('VM.Monitor') && known.has('VM.GuestAgent.Audit')
      ? 'Proxmox VE 9 has no VM.Monitor: take it out of `privileges` (VM.GuestAgent.Audit stands for its guest agent part), or use a preset, which knows the releases.'
      : 'Correct `privileges` (names are case-sensitive; `pveum role list` on the node shows them at Administrator), or use a preset.',
  );

export const roleMissing = (role: string) =>
  new Refusal(
    'ROLE_MISSING',
    `The node has no built-in role \`${role}\`.`,
    'Nothing was changed: roles that Proxmox VE makes itself cannot be added.',
    'Choose a role of this release (`pveum role list`), or a role name of your own with `privileges`.',
  );

export const tokenExists = (identity: string) =>
  new Refusal(
    'TOKEN_EXISTS',
    `Token \`${identity}\` is there already, made by others, and \`on_existing\` is "fail".`,
    'Nothing was changed: its consumers go on working.',
    'Set `on_existing = "adopt"` to keep its secret, `"rotate"` to replace it, or choose another token id.',
  );

export const ownedByAnother = ({ identity, userid, tokenid }: TokenIdentity, owner: Owner) =>
  new Refusal(
    'TOKEN_OF_ANOTHER',
    `Token \`${identity}\` belongs to entry \`${owner.cluster}\` of environment \`${owner.environment}\`.`,
    'Nothing was changed: two entries that manage one token would take it from each other.',
    'Choose another token id. If that entry was renamed or removed, deploy once more after its removal is through; if it is' +
      ` gone for good, run \`pveum user token modify ${userid} ${tokenid} --comment ' '\` on the node: the token is then adopted.`,
  );

export const secretUnreadable = (identity: string, answer: string) =>
  new Refusal(
    'SECRET_UNREADABLE',
    `The secret of token \`${identity}\`, which is to be kept, cannot be read on the node: ${answer}.`,
    'A node shows a secret once; after that it stands only in /etc/pve/priv/token.cfg, which root alone may read.',
    'Let the SSH user run `grep` on that file through `sudo -n`, connect as root, or get a new secret: change `generation`' +
      ' (or set `on_existing = "rotate"` for a token that others made).',
  );

export const nodeUnreadable = (answer: string) =>
  new Refusal(
    'NODE_UNREADABLE',
    `The node's users and roles cannot be read: ${answer}.`,
    'Nothing was changed: what is there has to be known first.',
    'Connect as root, or let the SSH user run `pveum` through `sudo -n` without a password (the README has the lines for sudoers).',
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
    `The API at ${endpoint} does not answer: ${cause}.`,
    'The token is verified as its consumer will use it, and that needs `endpoint` to be reachable from this machine.',
    'Correct `endpoint`, open the way to it, or set `verify = false` in `bootstrap`; then deploy again.',
  );

export const apiUntrusted = (endpoint: string, cause: string) =>
  new Refusal(
    'API_UNTRUSTED',
    `The certificate of ${endpoint} is not trusted: ${cause}.`,
    'The consumer would refuse it too: the entry says `insecure = false`. A node signs its own certificate until it gets another.',
    "Set `ca_file` to the cluster's CA (/etc/pve/pve-root-ca.pem), give the node a certificate that this machine trusts, or set `insecure = true`.",
  );

export const caUnreadable = (file: string, cause: string) =>
  new Refusal(
    'CA_UNREADABLE',
    `\`ca_file\` ${file} cannot be read: ${cause}.`,
    'The verification trusts these certificates.',
    "Correct the path (relative to the project's folder), then deploy again.",
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

export const markTooLong = (length: number, limit: number) =>
  new Refusal(
    'MARK_TOO_LONG',
    `What was made on the node does not fit into a comment there: ${length} characters, and ${limit} is the limit.`,
    'Nothing was changed: each ACL path is written into the comment of the user or token, so that removal finds it again.',
    'Name fewer `acl` paths: a pool (/pool/NAME) gathers many VMs and storages under one path.',
  );
