import { describe, expect, test } from 'vitest';
import { type NodeOptions, RELEASES } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole, followGuide } from '../../support/on-node';
import { anOperator, deploy, type Entry, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, refusalOf } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const FRESH = 'user:root@pam:1:0:::root@example.invalid:::';
const VERBS = ['access', 'token', 'revoke'] as const;
const operator = () => anOperator(temporaryFolder());

/** A node, and entries that are deployed by a user other than root. */
async function anAdminOf(options: Partial<NodeOptions>) {
  const node = await aNode(options);
  return { node, settings: (entry: Entry = {}) => settingsFor(node, { ssh: { user: 'admin' }, ...entry }) };
}

describe.each(RELEASES)('on release %s, a user who is not root', (release) => {
  test.each(['all', 'documented'] as const)(
    'and may run what sudo allows him makes, keeps, rotates and removes tokens: %s',
    async (sudo) => {
      const { node, settings } = await anAdminOf({ release, sudo });
      const secret = await deploy(settings(), operator());
      expect(await deploy(settings(), operator())).toBe(secret);
      const next = await deploy(settings({ generation: '2' }), operator());
      expect(await accepts(node, IDENTITY, next, '/', ['VM.Clone'])).toBe(true);
      expect(node.commands().filter((line) => line !== 'nodes-end' && !line.startsWith('sudo -n '))).toEqual([]);
      await runVerb('revoke', settings(), operator());
      expect(nodeFiles(node).user.trim()).toBe(FRESH);
    },
  );

  test('and may run pveum alone makes, rotates and removes tokens, others’ too, but keeps no secret', async () => {
    const { node, settings } = await anAdminOf({ release, sudo: 'pveum' });
    await followGuide(node);
    const first = await deploy(settings({ on_existing: 'rotate' }), operator());
    const before = nodeFiles(node);
    const kept = settings({ on_existing: 'rotate' });
    expect((await refusalOf(runVerb('token', kept, operator()))).code).toBe('SECRET_UNREADABLE');
    expect(nodeFiles(node)).toEqual(before);
    const secret = await deploy(settings({ generation: '2' }), operator());
    expect(secret).not.toBe(first);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
    await runVerb('revoke', settings(), operator());
    expect(nodeFiles(node).token).toBe('');
  });
});

test('a secret that sudo does not let him read is told, with the choices', async () => {
  const { node, settings } = await anAdminOf({ sudo: 'pveum' });
  await deploy(settings(), operator());
  expect((await refusalOf(runVerb('token', settings(), operator()))).message).toMatchInlineSnapshot(`
    "The secret of token \`opentofu@pve!opentofu-token\`, which is to be kept, cannot be read on the node: sudo: a password is required.
      why: Nothing was changed. A node shows a secret once; after that it stands only in /etc/pve/priv/token.cfg, which root alone may read.
      fix: Let the SSH user run \`grep\` on that file through \`sudo -n\`, connect as root, or get a new secret: change \`generation\` (or set \`on_existing = "rotate"\` for a token that others made)."
  `);
  expect(node.pveumRuns().filter((run) => run.writes)).toHaveLength(4);
});

test('a user who may do nothing through sudo is told by every verb', async () => {
  const { node, settings } = await anAdminOf({ sudo: 'none' });
  const said = new Set<string>();
  for (const verb of VERBS) said.add((await refusalOf(runVerb(verb, settings(), operator()))).message);
  expect([...said].join('\n')).toMatchInlineSnapshot(`
    "The node's users and roles cannot be read: sudo: a password is required.
      why: Nothing was changed. What is there has to be known first.
      fix: Connect as root, or let the SSH user run \`pveum\` through \`sudo -n\` without a password (docs/on-the-node.md has the lines for sudoers)."
  `);
  expect(nodeFiles(node).user.trim()).toBe(FRESH);
});

test('a user who is not root and told to do without sudo is told what is missing', async () => {
  const { settings } = await anAdminOf({ sudo: 'all' });
  const alone = settings({ ssh: { user: 'admin', sudo: false } });
  expect((await refusalOf(runVerb('access', alone, operator()))).message).toMatchInlineSnapshot(`
    "The node's users and roles cannot be read: please run as root.
      why: Nothing was changed. What is there has to be known first.
      fix: Connect as root, or let the SSH user run \`pveum\` through \`sudo -n\` without a password (docs/on-the-node.md has the lines for sudoers)."
  `);
});

describe.each(RELEASES)('what others wrote survives being read from the lists of release %s', (release) => {
  test.each(['plain: text', '"Größe"', 'Schlüssel 🔑', '50% off'])('%s', async (comment) => {
    const { node, settings } = await anAdminOf({ release, sudo: 'pveum' });
    await followGuide(node);
    const words = ['user', 'token', 'modify', 'opentofu@pve', 'opentofu-token', '--comment', comment];
    await atConsole(node, 'env', 'LC_ALL=C.UTF-8', 'pveum', ...words);
    const [, stored = 'none'] = /^token:[^\n]*:([^:\n]+):$/m.exec(nodeFiles(node).user) ?? [];
    await deploy(settings({ on_existing: 'rotate' }), operator());
    expect(nodeFiles(node).user).toContain(`:${stored} [cdktf-proxmox-tokens`);
  });
});
