import { expect, test } from 'vitest';
import { aNode, temporaryFolder } from '../support/node';
import { atConsole } from '../support/on-node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../support/verbs';

test('a user that is gone since `access` ran is made again by `token`, with all that belongs to it', async () => {
  const node = await aNode();
  const operator = anOperator(temporaryFolder());
  const settings = settingsFor(node);
  await deploy(settings, operator);
  await atConsole(node, 'pveum', 'user', 'delete', 'opentofu@pve');

  await runVerb('token', settings, operator);

  expect(operator.lines).toContain('user opentofu@pve: added');
  expect(operator.lines).toContain(`token opentofu@pve!opentofu-token: verified at ${node.api.url}`);
});

test('also where the role went with it', async () => {
  const node = await aNode();
  const before = nodeFiles(node).user.trim();
  const operator = anOperator(temporaryFolder());
  const settings = settingsFor(node, { access: { privilege_separation: true } });

  await runVerb('token', settings, operator);
  await runVerb('revoke', settings, operator);

  expect(nodeFiles(node).user.trim()).toBe(before);
});
