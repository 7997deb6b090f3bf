import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../../../contract/refusal';
import { RELEASES } from '../../../simulator/node';
import { factsOf } from '../../support/facts';
import { comment, write } from '../../support/hostile-user';
import { runInside } from '../../support/inside';
import { aNode } from '../../support/node';
import { atConsole, furnish } from '../../support/on-node';
import { type Entry, nodeFiles, settingsFor } from '../../support/verbs';
import { refusalOf } from '../support';

/** The entry adopts a token whose user may write any comment on it, and so may claim it for another entry. */
const ADOPTED: Entry = { identity: 'eve@pve!mine', access: { role: undefined, preset: undefined, acl: [] } };
const byEve = { userid: 'eve@pve', tokenid: 'mine', privsep: 0, way: 'file' } as const;

test('the user of an adopted token can stop its own entry alone, whatever the comment', async () => {
  const node = await aNode();
  await furnish(node);
  await atConsole(node, 'pveum', 'user', 'add', 'eve@pve');
  const theirs = () => factsOf(node).filter((fact) => !/^(token|secret):eve@pve!mine|^user:cdktf-/.test(fact));
  const before = theirs();
  await fc.assert(
    fc.asyncProperty(comment, async (text) => {
      for (const verb of ['access', 'token', 'revoke'] as const) {
        await write(node, { ...byEve, comment: text });
        const files = nodeFiles(node);
        try {
          await runInside(verb, settingsFor(node, ADOPTED), node);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          expect((error as Refusal).code).toBe('TOKEN_OF_ANOTHER');
          expect(nodeFiles(node)).toEqual(files);
        }
        expect(theirs()).toEqual(before);
      }
    }),
    { numRuns: 60 },
  );
});

test.each(RELEASES)('on %s, a mark of another entry stops it until it is taken out', async (release) => {
  const node = await aNode({ release });
  await atConsole(node, 'pveum', 'user', 'add', 'eve@pve');
  await write(node, { ...byEve, comment: '[cdktf-proxmox-tokens prod/x generation=1]' });
  for (const verb of ['access', 'token'] as const) {
    expect((await refusalOf(runInside(verb, settingsFor(node, ADOPTED), node))).code).toBe('TOKEN_OF_ANOTHER');
  }
  await runInside('revoke', settingsFor(node, ADOPTED), node);
  expect(nodeFiles(node).user).toContain('[cdktf-proxmox-tokens prod/x generation=1]');
});
