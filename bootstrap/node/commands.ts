import {
  checkAclPath,
  checkIdentity,
  checkPrivilege,
  checkRoleid,
  checkUserid,
  parseIdentity,
} from '../../contract/identifiers';
import type { Principal, Step, TokenChange } from './steps';

const TOKEN_CFG = '/etc/pve/priv/token.cfg';

/**
 * The one door from a step to what the node is told: the words of one command.
 *
 * Every identifier is checked once more on its way out: whatever path it came by, nothing that the node would misread
 * (a leading `-` is an option to it) is ever sent.
 */
export function commandOf(step: Step): readonly string[] {
  if (step.verb === 'readSecret') return secretCommand(step.identity);
  return ['pveum', ...pveumWords(step)];
}

/** Prints the line of that token: whoever may not read the file may be allowed this through sudo. */
export function secretCommand(identity: string): readonly string[] {
  return ['grep', '-F', '-e', `${token(identity).join('!')} `, TOKEN_CFG];
}

function pveumWords(step: Exclude<Step, { verb: 'readSecret' }>): readonly string[] {
  switch (step.verb) {
    case 'addUser':
      return ['user', 'add', user(step.userid), '--comment', step.comment, ...(step.disabled ? ['--enable', '0'] : [])];
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
    case 'makeToken':
      return ['user', 'token', 'add', ...token(step.identity), ...tokenOptions(step.settings), ...json];
    case 'renewToken':
      // Before 9.1 the node answers `Unknown option: regenerate`.
      return [
        'user',
        'token',
        'modify',
        ...token(step.identity),
        '--regenerate',
        '1',
        ...tokenOptions(step.settings),
        ...json,
      ];
    case 'setToken':
      return ['user', 'token', 'modify', ...token(step.identity), ...tokenOptions(step), ...json];
    case 'removeToken':
      // `delete` came with 8; `remove` is there on all four releases.
      return ['user', 'token', 'remove', ...token(step.identity)];
  }
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
