import { expect, test } from 'vitest';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole } from '../../support/on-node';
import { anOperator, nodeFiles, runVerb, settingsFor } from '../../support/verbs';

test('a role that somebody made between the two verbs, beside a user of theirs, is set to what the entry says', async () => {
  const node = await aNode();
  await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve');
  const settings = settingsFor(node);
  await runVerb('access', settings, anOperator(temporaryFolder()));
  await atConsole(node, 'pveum', 'role', 'add', 'opentofu-role', '--privs', 'VM.Console');
  await runVerb('token', settings, anOperator(temporaryFolder()));
  const { user } = nodeFiles(node);
  expect(user).toContain('VM.GuestAgent.Audit');
  expect(user).not.toContain('VM.Console');
});
