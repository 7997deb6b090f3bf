import { findAcl, type NodeFound, withoutToken } from '../node/found';
import type { Grant, Step } from '../node/steps';

/** The node as it is once these steps are done: what a plan means, without doing it. */
export function after(found: NodeFound, steps: readonly Step[]): NodeFound {
  return steps.reduce(afterStep, found);
}

function afterStep(found: NodeFound, step: Step): NodeFound {
  switch (step.verb) {
    case 'addUser':
    case 'setUserComment': {
      const { userid, comment } = step;
      return { ...found, users: new Map(found.users).set(userid, { userid, comment }) };
    }
    case 'deleteUser':
      return withoutUser(found, step.userid);
    case 'addRole':
    case 'setRole': {
      const role = { roleid: step.role, privileges: new Set(step.privileges) };
      return { ...found, roles: new Map(found.roles).set(step.role, role) };
    }
    case 'deleteRole': {
      const roles = new Map(found.roles);
      roles.delete(step.role);
      return { ...found, roles, acl: found.acl.filter(({ role }) => role !== step.role) };
    }
    case 'grant':
      return withGrant(found, step);
    case 'revokeGrant': {
      const entry = findAcl(found, { ...step, principal: step.principal.id });
      return { ...found, acl: found.acl.filter((other) => other !== entry) };
    }
    case 'makeToken':
    case 'renewToken': {
      const { identity, settings } = step;
      const token = { identity, userid: identity.slice(0, identity.indexOf('!')), ...settings };
      return { ...found, tokens: new Map(found.tokens).set(identity, token), secret: { kind: 'there' } };
    }
    case 'setToken': {
      const { verb: _, identity, ...change } = step;
      const token = found.tokens.get(identity);
      return token ? { ...found, tokens: new Map(found.tokens).set(identity, { ...token, ...change }) } : found;
    }
    case 'removeToken':
      return withoutToken(found, step.identity);
    case 'readSecret':
      return found;
  }
}

function withGrant(found: NodeFound, { path, role, propagate, principals }: Grant): NodeFound {
  const others = found.acl.filter(
    (entry) => !(entry.path === path && entry.role === role && principals.some(({ id }) => id === entry.principal)),
  );
  return {
    ...found,
    acl: [...others, ...principals.map(({ type, id: principal }) => ({ path, role, type, principal, propagate }))],
  };
}

/** A node drops a user's tokens and ACL entries with the user (measured). */
function withoutUser(found: NodeFound, userid: string): NodeFound {
  const users = new Map(found.users);
  users.delete(userid);
  const isOfUser = (id: string) => id === userid || id.startsWith(`${userid}!`);
  const groups = [...found.groups].map(
    ([name, members]) => [name, new Set([...members].filter((id) => id !== userid))] as const,
  );
  return {
    ...found,
    users,
    tokens: new Map([...found.tokens].filter(([identity]) => !isOfUser(identity))),
    acl: found.acl.filter(({ type, principal }) => type === 'group' || !isOfUser(principal)),
    groups: new Map(groups),
  };
}
