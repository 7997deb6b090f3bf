import type { FoundAcl, NodeFound } from '../../../bootstrap/node/found';
import type { Step } from '../../../bootstrap/plan/steps';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { parseIdentity } from '../../../contract/identifiers';

export const OWNER = { environment: 'lab', cluster: 'nuc' };
export const OTHER = { environment: 'prod', cluster: 'nuc' };

/** A fresh node: `root@pam` alone. */
export const FRESH: NodeFound = {
  users: new Map([['root@pam', { userid: 'root@pam', comment: '' }]]),
  tokens: new Map(),
  roles: new Map(),
  acl: [],
};

export function aToken(over: Partial<Omit<Wanted, 'token'>> & { identity?: string } = {}): Wanted {
  const { identity = 'tofu@pve!ci', ...rest } = over;
  return {
    owner: OWNER,
    token: parseIdentity(identity),
    role: 'tofu-role',
    privileges: ['VM.Allocate', 'VM.Audit'],
    acl: [{ path: '/', propagate: true }],
    privsep: false,
    expire: 0,
    generation: '1',
    onExisting: 'adopt',
    ...rest,
  };
}

/** What a node holds after these steps, by the measured rules; refuses what a real one refuses. */
export function play(found: NodeFound, steps: readonly Step[]): NodeFound {
  return steps.reduce(playOne, found);
}

function playOne(found: NodeFound, step: Step): NodeFound {
  const users = new Map(found.users);
  const tokens = new Map(found.tokens);
  const roles = new Map(found.roles);
  let acl: readonly FoundAcl[] = found.acl;
  switch (step.verb) {
    case 'addUser':
      refuseIf(users.has(step.userid), 'user is there');
      users.set(step.userid, { userid: step.userid, comment: step.comment });
      break;
    case 'setUserComment':
      refuseIf(!users.has(step.userid), 'no such user');
      users.set(step.userid, { userid: step.userid, comment: step.comment });
      break;
    case 'deleteUser':
      users.delete(step.userid);
      for (const token of found.tokens.values()) if (token.userid === step.userid) tokens.delete(token.identity);
      acl = acl.filter(({ principal }) => principal !== step.userid && !principal.startsWith(`${step.userid}!`));
      break;
    case 'addRole':
    case 'setRole':
      refuseIf(roles.has(step.role) === (step.verb === 'addRole'), `role ${step.verb}`);
      roles.set(step.role, { roleid: step.role, privileges: new Set(step.privileges) });
      break;
    case 'deleteRole':
      refuseIf(!roles.delete(step.role), 'no such role');
      acl = acl.filter(({ role }) => role !== step.role);
      break;
    case 'grant':
      refuseIf(!roles.has(step.role), 'no such role');
      for (const { type, id } of step.principals) {
        refuseIf(!(type === 'user' ? users : tokens).has(id), `no such ${type}`);
        const { path, role, propagate } = step;
        acl = [...acl.filter((e) => !same(e, id, step)), { path, role, propagate, type, principal: id }];
      }
      break;
    case 'revokeGrant':
      acl = acl.filter((entry) => !same(entry, step.principal.id, step));
      break;
    case 'setToken': {
      const token = tokens.get(step.identity);
      if (token === undefined) throw new Error('no such token');
      const { comment = token.comment, expire = token.expire, privsep = token.privsep } = step;
      tokens.set(step.identity, { ...token, comment, expire, privsep });
      break;
    }
    case 'removeToken':
      refuseIf(!tokens.delete(step.identity), 'no such token');
      acl = acl.filter(({ principal }) => principal !== step.identity);
  }
  return { users, tokens, roles, acl };
}

function same(entry: FoundAcl, principal: string, { path, role }: { path: string; role: string }): boolean {
  return entry.principal === principal && entry.path === path && entry.role === role;
}

function refuseIf(condition: boolean, why: string): void {
  if (condition) throw new Error(`the node refuses: ${why}`);
}

/** The node as comparable data, in an order of its own. */
export function dump(found: NodeFound): unknown {
  return {
    users: [...found.users.values()].sort((a, b) => a.userid.localeCompare(b.userid)),
    tokens: [...found.tokens.values()].sort((a, b) => a.identity.localeCompare(b.identity)),
    roles: [...found.roles.values()].map(({ roleid, privileges }) => [roleid, [...privileges].sort()]).sort(),
    acl: found.acl.map((entry) => JSON.stringify(entry, Object.keys(entry).sort())).sort(),
  };
}
