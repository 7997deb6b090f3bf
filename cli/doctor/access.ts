import type { NodeFound } from '../../bootstrap/node/found';
import { requireRole } from '../../bootstrap/node/look';
import { checkPaths, knownPrivileges, resolvePrivileges } from '../../bootstrap/plan/privileges';
import { planToken } from '../../bootstrap/plan/token';
import { wantedOf } from '../../bootstrap/plan/wanted';
import { nodeSettings } from '../../constructs/settings';
import { isBuiltInRole } from '../../contract/identifiers';
import { showStep } from '../step-text';
import { type Check, codes } from './check';
import type { ClusterSubject } from './cluster';
import type { Found } from './finding';

/** What the entry wants, held against the node. */
export const ACCESS_CHECKS: readonly Check<ClusterSubject>[] = [
  { name: 'release', about: 'a release of Proxmox VE that this was tested with', find: findRelease },
  { name: 'quorum', about: 'the cluster has its quorum, without which /etc/pve is read-only', find: findQuorum },
  {
    name: 'privileges',
    about: 'the node knows the privileges and the built-in role of the entry',
    owns: codes('PRIVILEGES_UNKNOWN', 'PRESET_UNUSABLE', 'ROLE_MISSING'),
    find: findPrivileges,
  },
  {
    name: 'paths',
    about: 'the node knows the ACL paths of the entry, and they fit into a comment there',
    owns: codes('PATH_UNKNOWN', 'MARK_TOO_LONG'),
    find: findPaths,
  },
  {
    name: 'token',
    about: 'what a deploy would do to a token that is there',
    owns: codes(
      ...['TOKEN_EXISTS', 'TOKEN_OF_ANOTHER', 'SECRET_UNREADABLE', 'SETTINGS_UNSAID', 'EXPIRE_PAST', 'USER_MISSING'],
    ),
    find: findToken,
  },
  { name: 'role', about: 'the role as it is against as it is wanted', owns: codes('ROLE_SHARED'), find: findRole },
  {
    name: 'others',
    about: 'rights of other users and tokens stay as they are',
    owns: codes('OTHERS_CHANGE'),
    find: planned,
  },
];

const TESTED = ['7', '8', '9'];

async function findRelease({ node }: ClusterSubject): Promise<readonly Found[]> {
  const release = (await node()).release();
  if (release !== undefined && TESTED.includes(release.split('.')[0] ?? '')) return [];
  return [
    {
      tier: 'warning',
      what: release === undefined ? 'The release of the node cannot be told.' : `The node runs Proxmox VE ${release}.`,
      why: `This was tested with the releases ${TESTED.join(', ')}.`,
      fix: 'Look at the plan before you deploy.',
      command: 'proxmox-tokens plan',
    },
  ];
}

async function findQuorum({ node }: ClusterSubject): Promise<readonly Found[]> {
  if ((await node()).quorate()) return [];
  return [
    {
      tier: 'error',
      what: 'The cluster of the node has lost its quorum.',
      why: '/etc/pve is read-only until it is back: nothing can be made or changed there.',
      fix: 'Bring the missing nodes back. On the node the command below shows who is there.',
      command: 'pvecm status',
    },
  ];
}

async function findPrivileges({ node, entry }: ClusterSubject): Promise<readonly Found[]> {
  const { role } = entry.access;
  const found = (await node()).found();
  if (role === undefined) return [];
  requireRole(found, role);
  if (!isBuiltInRole(role)) resolvePrivileges(entry.access, knownPrivileges(found.roles));
  return [];
}

async function findPaths({ node, entry }: ClusterSubject): Promise<readonly Found[]> {
  checkPaths(entry.access.acl, knownPrivileges((await node()).found().roles));
  return [];
}

async function findToken({ node, environment, entry, context }: ClusterSubject): Promise<readonly Found[]> {
  const sight = await node();
  const { identity } = entry;
  const wanted = wantedOf(nodeSettings(entry, { environment, project: '.' }), Math.floor(context.clock.now() / 1000));
  const found: NodeFound = { ...sight.found(), ...(sight.found().tokens.has(identity) && { secret: sight.secret() }) };
  // Before 9 no node gives a token a new secret in place.
  const cannotRenew = /^[78]\b/.test(sight.release() ?? '') || undefined;
  const { secret } = planToken(wanted, { ...found, ...(cannotRenew && { cannotRenew }) }, 'token');
  const fix = 'If that is not meant, choose another token id in `api_token`.';
  const command = `proxmox-tokens plan ${environment}`;
  if (secret.some((step) => step.verb === 'readSecret' && step.adopting))
    return [
      {
        tier: 'warning',
        what: `Token ${identity} is there, made by others. A deploy adopts it.`,
        why: 'It keeps its secret and gets our mark; from then on this entry manages it.',
        ...{ fix, command },
      },
    ];
  if (!found.tokens.has(identity) || secret.every(({ verb }) => verb === 'readSecret')) return [];
  return [
    {
      tier: 'warning',
      what: `A deploy gives token ${identity} a new secret.`,
      why: 'Consumers that hold the old one fail until they have read the new file.',
      fix: 'If they must not, rotate with a second token: `proxmox-tokens rotate --without-outage`.',
      command,
    },
  ];
}

async function findRole({ node, environment }: ClusterSubject): Promise<readonly Found[]> {
  const { steps, found } = (await node()).plan();
  return steps.flatMap((step): Found[] => {
    if (step.verb !== 'setRole') return [];
    const { add, remove } = showStep(step, found);
    const changes = [...add.map((name) => `+${name}`), ...remove.map((name) => `-${name}`)];
    return [
      {
        tier: 'warning',
        what: `A deploy changes role ${step.role}: ${changes.join(' ')}.`,
        why: 'The role is not as the entry says: the entry or the node was changed.',
        fix: 'If the node is right, put its privileges into the entry.',
        command: `proxmox-tokens plan ${environment}`,
      },
    ];
  });
}

async function planned({ node }: ClusterSubject): Promise<readonly Found[]> {
  (await node()).plan();
  return [];
}
