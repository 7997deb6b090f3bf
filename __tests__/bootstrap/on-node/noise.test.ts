import { expect, test } from 'vitest';
import { NOISES } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { anOperator, deploy, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { refusalOf } from '../support';

const VERBS = ['access', 'token', 'revoke'] as const;

test.each(NOISES.filter((noise) => noise !== 'exit'))(
  'with this noise before every answer a token is made, kept and revoked: %s',
  async (noise) => {
    const node = await aNode({ faults: { noise } });
    const [settings, operator] = [settingsFor(node), anOperator(temporaryFolder())];
    const fresh = nodeFiles(node).user.trim();
    const secret = await deploy(settings, operator);
    expect(await deploy(settings, operator)).toBe(secret);
    await runVerb('revoke', settings, operator);
    expect([nodeFiles(node).user.trim(), nodeFiles(node).token]).toEqual([fresh, '']);
  },
);

test('a startup file that ends the shell is told by every verb: nothing is ever taken for an empty node', async () => {
  const node = await aNode();
  await deploy(settingsFor(node), anOperator(temporaryFolder()));
  const before = nodeFiles(node);
  node.faults.noise = 'exit';
  const said = new Set<string>();
  for (const verb of VERBS) {
    const operator = anOperator(temporaryFolder());
    said.add((await refusalOf(runVerb(verb, settingsFor(node), operator))).message.replace(/:\d+/, ':PORT'));
    expect(operator.lines.filter((line) => !line.startsWith('ssh: '))).toEqual([]);
  }
  expect(nodeFiles(node)).toEqual(before);
  expect([...said].join('\n')).toMatchInlineSnapshot(`
    "\`root@127.0.0.1:PORT\` ended the session (exit 0) before our program on it was ready.
      why: Nothing was changed. It said nothing. A startup file of the login shell that calls \`exit\` does this.
      fix: Try \`ssh\` to it with the command \`true\`. Look at the startup files of the login shell (~/.bashrc, ~/.zshenv, config.fish)."
  `);
});
