import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aNode, temporaryFolder } from '../support/node';
import { anOperator, deploy, settingsFor } from '../support/verbs';

test('hand-offs keep themselves out of git, also in an app that has no rule for them', async () => {
  const project = temporaryFolder();
  await deploy(settingsFor(await aNode()), anOperator(project));
  expect(readFileSync(join(project, '.handoff/.gitignore'), 'utf8')).toBe('*\n');
});
