import { describe, expect, test } from 'vitest';
import { type NodeOptions, RELEASES } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole, followGuide } from '../../support/on-node';
import { anOperator, deploy, type Entry, nodeFiles, runVerb, settingsFor } from '../../support/verbs';
import { accepts, refusalOf } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const operator = () => anOperator(temporaryFolder());
const ADMIN = { ssh: { user: 'admin' } };

/** A node, and entries that are deployed by a user other than root. */
async function anAdminOf(options: Partial<NodeOptions>) {
  const node = await aNode(options);
  return { node, settings: (entry: Entry = {}) => settingsFor(node, { ...ADMIN, ...entry }) };
}

describe.each(RELEASES)('on release %s, a user who is not root', (release) => {
  test('and may do everything through sudo does all that root can', async () => {
    const { node, settings } = await anAdminOf({ release, sudo: 'all' });
    const secret = await deploy(settings(), operator());
    expect(await deploy(settings(), operator())).toBe(secret);
    const next = await deploy(settings({ generation: '2' }), operator());
    expect(await accepts(node, IDENTITY, next, '/', ['VM.Clone'])).toBe(true);
    expect(node.commands().every((line) => line.startsWith('env LC_ALL=C.UTF-8 sudo -n '))).toBe(true);
    await runVerb('revoke', settings(), operator());
    expect(nodeFiles(node).user.trim()).toBe('user:root@pam:1:0:::root@example.invalid:::');
  });

  test('and may run pveum alone makes, rotates and removes tokens', async () => {
    const { node, settings } = await anAdminOf({ release, sudo: 'pveum' });
    const first = await deploy(settings(), operator());
    const secret = await deploy(settings({ generation: '2' }), operator());
    expect(secret).not.toBe(first);
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
    await runVerb('revoke', settings(), operator());
    expect(nodeFiles(node).user.trim()).toBe('user:root@pam:1:0:::root@example.invalid:::');
  });

  test('and may run pveum alone cannot keep a secret: the refusal names the choices, and nothing is changed', async () => {
    const { node, settings } = await anAdminOf({ release, sudo: 'pveum' });
    await deploy(settings(), operator());
    const before = nodeFiles(node);
    const refusal = await refusalOf(runVerb('token', settings(), operator()));
    expect(refusal.message).toBe(
      [
        `The secret of token \`${IDENTITY}\`, which is to be kept, cannot be read on the node: sudo: a password is required.`,
        '  why: A node shows a secret once; after that it stands only in /etc/pve/priv/token.cfg, which root alone may read.',
        '  fix: Let the SSH user run `grep` on that file through `sudo -n`, connect as root, or get a new secret: change `generation` (or set `on_existing = "rotate"` for a token that others made).',
      ].join('\n'),
    );
    expect(nodeFiles(node)).toEqual(before);
  });

  test('and may run pveum alone cannot adopt a token, but rotate it', async () => {
    const { node, settings } = await anAdminOf({ release, sudo: 'pveum' });
    await followGuide(node);
    expect((await refusalOf(deploy(settings(), operator()))).code).toBe('SECRET_UNREADABLE');
    const secret = await deploy(settings({ on_existing: 'rotate' }), operator());
    expect(await accepts(node, IDENTITY, secret, '/', ['VM.Clone'])).toBe(true);
  });

  test('and may do nothing is refused by every verb, and nothing is changed', async () => {
    const { node, settings } = await anAdminOf({ release, sudo: 'none' });
    const before = nodeFiles(node);
    for (const verb of ['access', 'token', 'revoke'] as const) {
      const { code, what } = await refusalOf(runVerb(verb, settings(), operator()));
      expect([code, what]).toEqual([
        'NODE_UNREADABLE',
        "The node's users and roles cannot be read: sudo: a password is required.",
      ]);
    }
    expect(nodeFiles(node)).toEqual(before);
  });
});

test('a user who is not root and told to do without sudo is told what is missing', async () => {
  const { settings } = await anAdminOf({ sudo: 'all' });
  const { code, what } = await refusalOf(
    runVerb('access', settings({ ssh: { user: 'admin', sudo: false } }), operator()),
  );
  expect([code, what]).toEqual(['NODE_UNREADABLE', "The node's users and roles cannot be read: please run as root."]);
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
