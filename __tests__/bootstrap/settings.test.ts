import { describe, expect, test } from 'vitest';
import { checkNodeSettings, checkRevokeSettings, parseSettings } from '../../bootstrap/settings';
import { type NodeSettings, SETTINGS_FORMAT } from '../../contract/settings';

const GOOD: NodeSettings = {
  format: SETTINGS_FORMAT,
  project: '.',
  owner: { environment: 'lab', cluster: 'nuc' },
  ssh: { host: 'nuc', timeouts: { connect: 1, command: 1, lock: 1 } },
  identity: 'jo@pve!ci',
  access: { role: 'r', privileges: ['VM.Audit'], acl: [{ path: '/vms', propagate: true }], comment: 'Größe: "a"' },
  on_existing: 'adopt',
  generation: '1',
  retain: ['jo@pve!older'],
};

describe('settings', () => {
  test('are read where they are of this release', () => {
    expect(parseSettings(JSON.stringify(GOOD))).toEqual(GOOD);
  });

  test.each([
    [undefined, 'it is not set'],
    ['', 'it is not JSON'],
    ['{"format":', 'it is not JSON'],
    ['null', `its format is undefined, this program reads ${SETTINGS_FORMAT}`],
    ['{}', `its format is undefined, this program reads ${SETTINGS_FORMAT}`],
    ['{"format":1}', `its format is 1, this program reads ${SETTINGS_FORMAT}`],
  ])('%j are refused: %s', (text, cause) => expect(() => parseSettings(text)).toThrow(cause));
});

describe('what would be refused on its way to the node is refused before it is reached', () => {
  const secret = crypto.randomUUID();
  const access = (over: Partial<NodeSettings['access']>) => ({ access: { ...GOOD.access, ...over } });

  test.each<[string, Partial<NodeSettings>]>([
    ['owner.environment', { owner: { environment: 'a/b', cluster: 'nuc' } }],
    ['owner.cluster', { owner: { environment: 'lab', cluster: 'a]' } }],
    ['owner.cluster', { owner: { environment: 'lab', cluster: '' } }],
    ['owner.cluster', { owner: { environment: 'lab', cluster: 'a\u0085b' } }],
    ['identity', { identity: `jo@pve!ci=${secret}` }],
    ['retain', { retain: ['jo@pve!good', secret] }],
    ['generation', { generation: secret.repeat(2) }],
    ['access.role', access({ role: '-x' })],
    ['access.comment', access({ comment: 'x'.repeat(201) })],
    ['access.comment', access({ comment: 'a\nb' })],
    ['access.acl', access({ acl: [{ path: '/pools/x', propagate: true }] })],
    ['access.privileges', access({ privileges: ['VM.Audit', '--all'] })],
  ])('%s', (key, over) => {
    const check = () => checkNodeSettings({ ...GOOD, ...over });
    expect(check).toThrow(`\`${key}\` `);
    expect(check).not.toThrow(secret);
    const revoked = () => checkRevokeSettings({ ...GOOD, removal: 'revoke', ...over });
    if (/^access|generation/.test(key)) revoked();
    else expect(revoked).toThrow(`\`${key}\` `);
  });

  test('and nothing else is', () => {
    checkNodeSettings(GOOD);
    checkNodeSettings({ ...GOOD, access: { acl: [] }, retain: [] });
  });
});
