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
