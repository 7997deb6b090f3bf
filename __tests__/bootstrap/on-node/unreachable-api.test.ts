import { expect, test } from 'vitest';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { refusalOf } from '../support';

test('an API that would not be trusted is told before a working secret is replaced', async () => {
  const node = await aNode();
  await deploy(settingsFor(node), anOperator(temporaryFolder()));
  const before = nodeFiles(node);
  const rotated = settingsFor(node, { generation: '2' });
  const untrusting = { ...rotated, verify: { endpoint: node.api.url, insecure: false } };
  const refusal = await refusalOf(runVerb('token', untrusting, anOperator(temporaryFolder())));
  expect(refusal.code).toBe('API_UNTRUSTED');
  expect(nodeFiles(node)).toEqual(before);
});
