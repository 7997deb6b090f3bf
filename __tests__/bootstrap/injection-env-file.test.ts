import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkNodeSettings } from '../../bootstrap/settings';
import { checkEntry } from '../../constructs/input/check';
import { SETTINGS_FORMAT } from '../../contract/settings';
import { hostile } from '../support/hostile';

const ENTRY = { endpoint: 'https://nuc.example.net:8006', api_token: 'jo@pve!ci' };
const BOOTSTRAP = { role: 'r', privileges: ['VM.Audit'] };
const PLACE = { source: 'lab', path: ['nuc'] };

type Field = readonly [name: string, entry: (text: string) => unknown, value: (entry: never) => unknown];
const inBootstrap = (over: object) => ({ ...ENTRY, bootstrap: { ...BOOTSTRAP, ...over } });

/** Each field of an entry that reaches the node: how text comes in, and where it comes out. */
const FIELDS: readonly Field[] = [
  [
    'api_token',
    (text) => ({ ...ENTRY, bootstrap: BOOTSTRAP, api_token: text }),
    (e: { identity: string }) => e.identity,
  ],
  ['role', (text) => inBootstrap({ role: text }), (e: { access: { role: string } }) => e.access.role],
  [
    'privileges',
    (text) => inBootstrap({ privileges: [text] }),
    (e: { access: { privileges: string[] } }) => e.access.privileges[0],
  ],
  [
    'acl',
    (text) => inBootstrap({ acl: [{ path: text }] }),
    (e: { access: { acl: { path: string }[] } }) => e.access.acl[0]?.path,
  ],
  ['comment', (text) => inBootstrap({ comment: text }), (e: { access: { comment: string } }) => e.access.comment],
  ['generation', (text) => inBootstrap({ generation: text }), (e: { generation: string }) => e.generation],
  ['retain', (text) => inBootstrap({ retain: [text] }), (e: { retain: string[] }) => e.retain[0]],
];

describe('hostile text in an entry is refused or passes unchanged, and what passes the program takes', () => {
  test.each(FIELDS)('%s', (_, entry, value) => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.constantFrom('jo@pve!ok', 'ok-role', 'VM.Clone', '/vms/100', '2')), (text) => {
        const found = checkEntry('nuc', entry(text), undefined, PLACE);
        if (Array.isArray(found)) return;
        expect(value(found as never)).toBe(text);
        const { identity, ssh, access, generation, retain } = found;
        const owner = { environment: 'lab', cluster: found.name };
        const common = { format: SETTINGS_FORMAT, project: '.', on_existing: found.onExisting } as const;
        checkNodeSettings({ ...common, owner, identity, ssh, access, generation, retain });
      }),
      { numRuns: 500 },
    );
  });

  test('the name of an entry', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const found = checkEntry(name, { ...ENTRY, bootstrap: BOOTSTRAP }, undefined, PLACE);
        if (!Array.isArray(found)) expect(found.name).toMatch(/^[A-Za-z][A-Za-z0-9_-]*$/);
      }),
      { numRuns: 500 },
    );
  });
});
