import type { TokenIdentity } from '../../contract/identifiers';
import { quoted, Refusal } from '../../contract/refusal';
import type { Owner } from '../../contract/settings';
import { printable } from '../foreign-text';

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
