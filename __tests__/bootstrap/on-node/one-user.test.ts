import { expect, test } from 'vitest';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, type Entry, nodeFiles, settingsFor } from '../../support/verbs';

test('two entries with one user leave a path when both have left it', async () => {
  const node = await aNode();
  const give = (cluster: string, access: Entry['access']) =>
    deploy(
      settingsFor(node, { owner: { environment: 'lab', cluster }, identity: `opentofu@pve!${cluster}`, access }),
      anOperator(temporaryFolder()),
    );
  const entries = () => nodeFiles(node).user.match(/^acl:.*$/gm);
  const narrow = { acl: [{ path: '/vms', propagate: true }] };
  const secrets = [await give('one', {}), await give('two', {})];
  expect(await give('one', narrow)).toBe(secrets[0]);
  expect(entries()).toEqual(['acl:1:/:opentofu@pve:opentofu-role:', 'acl:1:/vms:opentofu@pve:opentofu-role:']);
  expect(await give('two', narrow)).toBe(secrets[1]);
  expect(entries()).toEqual(['acl:1:/vms:opentofu@pve:opentofu-role:']);
});

test('an entry is told, once, what its lesser role takes from the token of another entry with its user', async () => {
  const node = await aNode();
  const give = async (cluster: string, access: Entry['access']) => {
    const operator = anOperator(temporaryFolder());
    const owner = { environment: 'lab', cluster };
    await deploy(settingsFor(node, { owner, identity: `opentofu@pve!${cluster}`, access }), operator);
    return operator.lines.filter((line) => line.startsWith('careful'));
  };
  const lesser = {
    role: 'lesser',
    preset: undefined,
    privileges: ['VM.Audit'],
    acl: [{ path: '/vms', propagate: true }],
  };
  expect(await give('one', { role: 'two-things', preset: undefined, privileges: ['VM.Audit', 'VM.Clone'] })).toEqual(
    [],
  );
  expect(await give('two', lesser)).toEqual([
    'careful, entry lab/one shares this user: opentofu@pve!one loses VM.Clone on /vms and below',
  ]);
  expect(await give('two', lesser)).toEqual([]);
});
