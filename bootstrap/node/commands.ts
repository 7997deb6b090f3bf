import {
  checkAclPath,
  checkIdentity,
  checkPrivilege,
  checkRoleid,
  checkUserid,
  parseIdentity,
} from '../../contract/identifiers';
import type { Principal, Step, TokenChange, TokenSettings } from '../plan/steps';

/**
 * The one place that knows how `pveum` is told to change something: each function returns the words after `pveum`.
 *
 * Every identifier is checked once more on its way out: whatever path it came by, nothing that the node would misread
 * (a leading `-` is an option to it) is ever sent.
 */
export function commandOf(step: Step): readonly string[] {
  switch (step.verb) {
    case 'addUser':
      return ['user', 'add', user(step.userid), '--comment', step.comment];
    case 'setUserComment':
      return ['user', 'modify', user(step.userid), '--comment', step.comment];
    case 'deleteUser':
      return ['user', 'delete', user(step.userid)];
    case 'addRole':
      return ['role', 'add', role(step.role), '--privs', privileges(step.privileges)];
    case 'setRole':
      return ['role', 'modify', role(step.role), '--privs', privileges(step.privileges)];
    case 'deleteRole':
      return ['role', 'delete', role(step.role)];
    case 'grant':
      return [
        'acl',
        'modify',
        path(step.path),
        ...principals(step.principals),
        '--roles',
        role(step.role),
        ...propagate(step),
      ];
    case 'revokeGrant':
      return ['acl', 'delete', path(step.path), ...principals([step.principal]), '--roles', role(step.role)];
    case 'setToken':
      return ['user', 'token', 'modify', ...token(step.identity), ...tokenOptions(step), ...json];
    case 'removeToken':
      // `delete` came with 8; `remove` is there on all four releases.
      return ['user', 'token', 'remove', ...token(step.identity)];
  }
}

export function addTokenCommand(identity: string, settings: TokenSettings): readonly string[] {
  return ['user', 'token', 'add', ...token(identity), ...tokenOptions(settings), ...json];
}

/** A new secret for a token that stays: since 9.1; before, the node answers `Unknown option: regenerate`. */
export function regenerateTokenCommand(identity: string, settings: TokenSettings): readonly string[] {
  return ['user', 'token', 'modify', ...token(identity), '--regenerate', '1', ...tokenOptions(settings), ...json];
}

const json = ['--output-format', 'json'];

function tokenOptions({ privsep, expire, comment }: TokenChange): string[] {
  return [
    ...(privsep === undefined ? [] : ['--privsep', privsep ? '1' : '0']),
    ...(expire === undefined ? [] : ['--expire', String(expire)]),
    // Before 9.1 a node ignores an empty comment of a token (measured). A blank one it stores, and reads as none.
    ...(comment === undefined ? [] : ['--comment', comment || ' ']),
  ];
}

function propagate({ propagate }: { readonly propagate: boolean }): string[] {
  return ['--propagate', propagate ? '1' : '0'];
}

function principals(all: readonly Principal[]): string[] {
  const users = all.filter(({ type }) => type === 'user').map(({ id }) => user(id));
  const tokens = all.filter(({ type }) => type === 'token').map(({ id }) => token(id).join('!'));
  return [
    ...(users.length === 0 ? [] : ['--users', users.join(',')]),
    ...(tokens.length === 0 ? [] : ['--tokens', tokens.join(',')]),
  ];
}

function user(userid: string): string {
  return checked(userid, checkUserid);
}

function token(identity: string): [string, string] {
  const { userid, tokenid } = parseIdentity(checked(identity, checkIdentity));
  return [userid, tokenid];
}

function role(roleid: string): string {
  return checked(roleid, checkRoleid);
}

function path(aclPath: string): string {
  return checked(aclPath, checkAclPath);
}

function privileges(names: readonly string[]): string {
  return names.map((name) => checked(name, checkPrivilege)).join(',');
}

function checked(value: string, check: (value: string) => string | undefined): string {
  const complaint = check(value);
  if (complaint !== undefined) throw new RangeError(`not sent to the node: an argument ${complaint}`);
  return value;
}
