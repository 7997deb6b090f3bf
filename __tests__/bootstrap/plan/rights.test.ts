import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeFound } from '../../../bootstrap/node/found';
import { parseRoles } from '../../../bootstrap/node/listings';
import { parseUserCfg } from '../../../bootstrap/node/user-cfg';
import { rightsOn } from '../../../bootstrap/plan/rights';
import { parseUserConfig } from '../../../simulator/pveum/parse-config';
import { permissionsAt } from '../../../simulator/pveum/permissions';
import { privilegesOf } from '../../../simulator/pveum/privileges';
import { aNode } from './support';

const IDS = ['jo@pve', 'al@pve', 'jo@pve!own', 'jo@pve!all', 'al@pve!own', 'root@pam!own'];
const PATHS = ['/', '/vms', '/vms/100', '/pool', '/pool/lab', '/storage/local'];
const ROLES = ['r1', 'r2', 'empty', 'NoAccess', 'PVEVMUser', 'Administrator'];

/** A node with its built-in roles, as the program reads it, and as the node itself does. */
const arbNode = fc
  .record({
    ops: fc.subarray(['jo@pve', 'al@pve']),
    night: fc.subarray(['jo@pve', 'al@pve']),
    acl: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom(...PATHS),
        fc.constantFrom('@ops', '@night', ...IDS),
        fc.constantFrom(...ROLES),
        fc.nat(1),
      ),
      { maxLength: 12, selector: ([path, who, role]) => `${path} ${who} ${role}` },
    ),
  })
  // Of one role through two groups on one path, the order in which the node looks at groups decides.
  .filter(
    ({ acl }) =>
      !acl.some(([path, who, role, flag]) =>
        acl.some(([p, w, r, f]) => w.startsWith('@') && who.startsWith('@') && p === path && r === role && f !== flag),
      ),
  )
  .map(({ ops, night, acl }) => {
    const text = [
      ...['user:root@pam:1:0::::::', 'token:root@pam!own:0:1::', 'user:jo@pve:1:0::::::', 'token:jo@pve!own:0:1::'],
      ...['token:jo@pve!all:0:0::', 'user:al@pve:1:0::::::', 'token:al@pve!own:0:1::'],
      ...[`group:ops:${ops}::`, `group:night:${night}::`],
      ...['role:r1:VM.Audit,VM.Clone:', 'role:r2:VM.Audit,Sys.Audit:', 'role:empty::'],
      ...acl.map(([path, who, role, flag]) => `acl:${flag}:${path}:${who}:${role}:`),
    ].join('\n');
    const special = [...privilegesOf('9.1').specialRoles].map(([roleid, all]) => ({
      roleid,
      privs: [...all].join(','),
    }));
    const found = parseUserCfg(text);
    const roles = new Map([...parseRoles(JSON.stringify(special)), ...found.roles]);
    return { text, found: { ...found, roles } satisfies NodeFound };
  });

test('who may do what is what the node says, on paths with entries and below them', () => {
  fc.assert(
    fc.property(arbNode, ({ text, found }) => {
      const config = parseUserConfig(text, privilegesOf('9.1'), () => undefined);
      const rights = rightsOn(found);
      for (const id of IDS) {
        for (const path of [...PATHS, '/vms/101', '/nodes']) {
          const held = [...permissionsAt(config, id, path)].map(([name, flag]) => [name, flag === 1]);
          expect(new Map(rights(id, path)), `${id} on ${path}`).toEqual(new Map(held as [string, boolean][]));
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("root's token without separation has everything, and a role that is not known here counts as one right", () => {
  const found = aNode({ users: { 'jo@pve': '' }, tokens: { 'root@pam!all': {} }, acl: ['/ PVEAuditor jo@pve'] });
  expect([...rightsOn(found)('root@pam!all', '/vms').keys()]).toEqual(['everything']);
  expect([...rightsOn(found)('jo@pve', '/vms').keys()]).toEqual(['everything of PVEAuditor']);
});
