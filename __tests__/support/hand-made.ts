import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessSettings } from '../../contract/settings';
import type { SimulatedNode } from '../../simulator/node';
import type { Permissions } from './facts';
import { addSecret } from './on-node';

/** Every kind of hand-made user and token, and the entries that may take such a token over. */

export const PATHS = ['/', '/vms', '/vms/100', '/storage', '/storage/local', '/pool/lab'];
export const CREW = ['VM.Audit', 'VM.PowerMgmt'];

/** Where the user's rights come from. */
export const USERS: Readonly<Record<string, readonly string[]>> = {
  'root@pam': [],
  'an entry of its own': ['acl:1:/vms:USER:crew:'],
  'a group': ['acl:1:/vms:@ops:PVEVMUser:', 'acl:1:/storage:@ops:PVEDatastoreAdmin:'],
  both: ['acl:1:/vms/100:USER:crew:', 'acl:1:/:@ops:PVEVMUser:', 'acl:1:/storage:USER:PVEDatastoreUser:'],
  nowhere: [],
};

interface Token {
  readonly separated: boolean;
  readonly ownAcl: boolean;
  readonly expire: number;
  readonly comment: string;
  /** The user's other tokens. */
  readonly others: readonly string[];
}
const BOTH = [false, true];
export const TOKENS: readonly Token[] = BOTH.flatMap((separated) =>
  BOTH.flatMap((ownAcl) => [
    { separated, ownAcl, expire: 0, comment: '', others: [] },
    { separated, ownAcl, expire: 4102444800, comment: 'nightly', others: [] },
    { separated, ownAcl, expire: 0, comment: '', others: ['full', 'less'] },
  ]),
);

const on = (path: string, role = 'opentofu-role', ...privileges: string[]): Partial<AccessSettings> => ({
  ...{ role, preset: undefined, acl: [{ path, propagate: true }] },
  privileges: privileges.length > 0 ? privileges : ['VM.Audit', 'VM.Clone'],
});
export const ALONE: Partial<AccessSettings> = { role: undefined, preset: undefined, acl: [] };
export const ENTRIES: Readonly<Record<string, Partial<AccessSettings>>> = {
  'a role of its own on /': on('/'),
  'a role of its own on /vms': on('/vms'),
  'the role that is there': on('/vms', 'crew', ...CREW),
  'the role that is there, another list': on('/vms', 'crew', 'VM.Audit', 'VM.Console'),
  'privilege separation': { ...on('/vms'), privilege_separation: true },
  'no privilege separation': { ...on('/vms'), privilege_separation: false },
  'others may change': { ...on('/vms'), change_others: true },
  'the token alone': ALONE,
  'the token alone, with all its settings': {
    ...ALONE,
    privilege_separation: true,
    expire: 4102444801,
    comment: 'ours',
  },
};

export interface Case {
  readonly user: string;
  readonly token: Token;
  readonly access: Partial<AccessSettings>;
}

/** A user with its tokens, in the node's files. */
export function lay(node: SimulatedNode, { user, token }: Case): string {
  const userid = user === 'root@pam' ? 'root@pam' : 'ci@pve';
  const { separated, ownAcl, expire, comment, others } = token;
  const lines = [
    'user:root@pam:1:0:::root@example.invalid:::',
    'user:ci@pve:1:0:::::',
    `token:${userid}!mine:${expire}:${separated ? 1 : 0}:${comment}:`,
    ...others.map((tokenid) => `token:${userid}!${tokenid}:0:${tokenid === 'less' ? 1 : 0}::`),
    'group:ops:ci@pve::',
    `role:crew:${CREW.join(',')}:`,
    ...(USERS[user] ?? []).map((line) => line.replace('USER', userid)),
    ...(ownAcl ? [`acl:1:/vms:${userid}!mine:crew:`] : []),
    `acl:1:/vms:${userid}!less:crew:`,
  ];
  node.resetConfig();
  writeFileSync(join(node.root, 'etc/pve/user.cfg'), `${lines.join('\n')}\n`);
  for (const tokenid of ['mine', ...others]) addSecret(node, `${userid}!${tokenid}`);
  return userid;
}

/** `gained /vms VM.Clone`, `lost / VM.Audit` */
export function changes(before: Permissions, then: Permissions): string[] {
  return PATHS.flatMap((path) => {
    const [old, now] = [before[path] ?? {}, then[path] ?? {}];
    return [
      ...Object.keys(now)
        .filter((name) => old[name] === undefined)
        .map((name) => `gained ${path} ${name}`),
      ...Object.keys(old)
        .filter((name) => now[name] === undefined)
        .map((name) => `lost ${path} ${name}`),
    ];
  });
}

/** What the entry gives, on its path and below, and what the role that it names no longer holds. */
export function changesSaid({ role, acl = [], privileges = [] }: Partial<AccessSettings>): string[] {
  const under = acl.flatMap(({ path }) => PATHS.filter((other) => path === '/' || `${other}/`.startsWith(`${path}/`)));
  const dropped = role === 'crew' ? CREW.filter((name) => !privileges.includes(name)) : [];
  return [
    ...under.flatMap((path) => privileges.map((name) => `gained ${path} ${name}`)),
    ...PATHS.flatMap((path) => dropped.map((name) => `lost ${path} ${name}`)),
  ];
}
