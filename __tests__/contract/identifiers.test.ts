import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkAclPath,
  checkIdentity,
  checkName,
  checkPrivilege,
  checkRoleid,
  checkTokenid,
  checkUserid,
  isBuiltInRole,
  parseIdentity,
  SECRET,
} from '../../contract/identifiers';

type Check = (text: string) => string | undefined;

/** What no identifier may hold, whatever else it is: each would mean something to a shell, to `pveum` or to `user.cfg`. */
const HOSTILE = [
  '',
  ' ',
  'a b',
  '-a',
  '--all',
  'a;b',
  'a&&b',
  'a|b',
  '$(a)',
  '`a`',
  "a'b",
  'a"b',
  'a\\b',
  'a\nb',
  'a\0b',
];
const MORE = ['a:b', 'a,b', '\u001b[2J', 'a*', 'a?', '${a}', '%{a}', 'ä', 'a=b', 'a\n', '\u202ea', '#a', '~a', 'a>b'];

const refuses = (check: Check, texts: readonly string[]) => {
  for (const text of texts) expect(check(text), JSON.stringify(text)).toMatch(/^is /);
};
const takes = (check: Check, texts: readonly string[]) => {
  for (const text of texts) expect(check(text), JSON.stringify(text)).toBeUndefined();
};

describe('a user id', () => {
  test('is user@realm of at most 64 characters', () => {
    takes(checkUserid, ['root@pam', 'opentofu@pve', 'jo.doe+ci@ldap-1', '_x@ad', '1@pve', `${'a'.repeat(60)}@pve`]);
    refuses(checkUserid, ['root', '@pam', 'root@', 'root@p', 'root@1x', '.a@pve', `${'a'.repeat(61)}@pve`]);
  });

  test('is stricter than the node, which lets these pass', () => {
    refuses(checkUserid, [
      'a!b@pve',
      'a,b@pve',
      'a;b@pve',
      'a@b@pve',
      '-a@pve',
      '$(a)@pve',
      '`a`@pve',
      'ä@pve',
      'a*@pve',
    ]);
  });

  test('holds nothing hostile', () => {
    refuses(
      checkUserid,
      [...HOSTILE, ...MORE].flatMap((text) => [`${text}@pve`, `root@${text}`]).filter((id) => id !== 'root@ä'),
    );
    refuses(checkUserid, ['root@ä', 'root@pam\n', '\nroot@pam']);
  });
});

describe('a token id', () => {
  test('is a letter and at least one more character', () => {
    takes(checkTokenid, ['ci', 'opentofu-token', 'A.b_c-1', 'a'.repeat(128)]);
    refuses(checkTokenid, ['a', '1a', '_a', 'a'.repeat(129)]);
  });

  test('holds nothing hostile', () => refuses(checkTokenid, [...HOSTILE, ...MORE]));
});

describe('a token identity', () => {
  test('is taken apart', () => {
    expect(parseIdentity('opentofu@pve!ci')).toEqual({
      identity: 'opentofu@pve!ci',
      userid: 'opentofu@pve',
      tokenid: 'ci',
    });
  });

  test('has exactly one exclamation mark', () => {
    refuses(checkIdentity, ['opentofu@pve', 'opentofu@pve!', '!ci', 'opentofu@pve!ci!ci', 'opentofu!ci']);
    refuses(checkIdentity, ['opentofu@pve!ci=secret', 'opentofu@pve!ci ']);
  });

  test('that is refused cannot be taken apart, and the error does not repeat it', () => {
    expect(() => parseIdentity('opentofu@pve!ci=secret')).toThrow(
      new RangeError(
        'token identity is not a token id (two characters or more: a letter, then letters, digits, `.`, `_`, `-`)',
      ),
    );
  });
});

describe('a role id', () => {
  test('is letters, digits and three marks', () => {
    takes(checkRoleid, ['r', 'opentofu-role', '_r', '1', 'A.b', 'PVEAuditor', 'a'.repeat(128)]);
    refuses(checkRoleid, ['.', '.a', 'a'.repeat(129), ...HOSTILE, ...MORE]);
  });

  test('is built in where Proxmox VE makes it itself', () => {
    for (const role of ['Administrator', 'NoAccess', 'PVEAuditor', 'PVEVMAdmin'])
      expect(isBuiltInRole(role)).toBe(true);
    for (const role of ['administrator', 'opentofu-role', 'my-PVE']) expect(isBuiltInRole(role)).toBe(false);
  });
});

test('a privilege has two or three parts with capitals', () => {
  takes(checkPrivilege, [
    'VM.Audit',
    'VM.Config.CDROM',
    'VM.Snapshot.Rollback',
    'SDN.Use',
    'VM.GuestAgent.FileSystemMgmt',
  ]);
  refuses(checkPrivilege, ['VM', 'vm.audit', 'VM.', '.Audit', 'VM.Audit,SDN.Use', ...HOSTILE, ...MORE]);
});

describe('an ACL path', () => {
  test.each([
    ...['/', '/access', '/access/groups', '/access/groups/x', '/access/realm/pve', '/mapping', '/mapping/pci'],
    ...['/mapping/usb/x', '/mapping/dir/x', '/nodes', '/nodes/nuc', '/pool', '/pool/lab', '/pool/a/b/c', '/sdn'],
    ...['/sdn/zones/z/v', '/storage', '/storage/local-lvm', '/vms', '/vms/100', '/vms/999999999'],
  ])('may be %s', (path) => expect(checkAclPath(path)).toBeUndefined());

  test.each([
    '',
    'vms',
    '/vms/99',
    '/vms/0100',
    '/vms/x',
    '/mapping/x',
    '/access/x',
    '/storage/a/b',
    '/nodes/a/b',
    '/x',
  ])('may not be "%s"', (path) => expect(checkAclPath(path)).toMatch(/^is not an ACL path of Proxmox VE \(such as/));

  test('is written in one way, without the slashes that the node folds', () => {
    refuses(checkAclPath, ['//', '/vms/', '/vms//100', '/pool/']);
  });

  test('of pools is told how it is called', () => {
    expect(checkAclPath('/pools/lab')).toBe('is not an ACL path of Proxmox VE (pools are at /pool/NAME, without an s)');
  });

  test('holds nothing hostile', () => {
    refuses(checkAclPath, [...HOSTILE, ...MORE]);
    refuses(
      checkAclPath,
      [...HOSTILE, ...MORE].filter((text) => !/^-*[a-z]+$/.test(text)).map((text) => `/storage/${text}`),
    );
  });
});

test('a name of a cluster or environment is plain', () => {
  takes(checkName, ['nuc', 'nuc-1', 'A_b', 'a'.repeat(64)]);
  refuses(checkName, ['1nuc', '_nuc', 'a.b', 'a/b', 'a'.repeat(65), ...HOSTILE, ...MORE]);
});

test('a secret is a UUID and nothing around it', () => {
  expect(crypto.randomUUID()).toMatch(SECRET);
  for (const text of ['', `${crypto.randomUUID()}\n`, ` ${crypto.randomUUID()}`, 'x'.repeat(36)])
    expect(text).not.toMatch(SECRET);
});

test('whatever passes one of the checks is one plain word to a shell and no option', () => {
  const part = fc.string({ unit: fc.constantFrom(...'aZ09._-+@!/ $\'"`;&|*\n\0:,=ä'), maxLength: 8 });
  const text = fc.tuple(part, fc.constantFrom('', '@', '!', '/'), part).map((parts) => parts.join(''));
  const checks = [checkUserid, checkTokenid, checkIdentity, checkRoleid, checkPrivilege, checkAclPath, checkName];
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), fc.constantFrom(...checks), (candidate, check) => {
      if (check(candidate) === undefined) expect(candidate).toMatch(/^[A-Za-z0-9_/][A-Za-z0-9._+@!/-]*$/);
    }),
    { numRuns: 3000 },
  );
});
