import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/refusal';
import type { SimulatedNode } from '../../../simulator/node';
import { aNode, temporaryFolder } from '../../support/node';
import { atConsole, furnish } from '../../support/on-node';
import {
  anOperator,
  deploy,
  type Entry,
  type EntrySettings,
  forget,
  nodeFiles,
  type Operator,
  runVerb,
  settingsFor,
} from '../../support/verbs';
import { accepts, linesWithout } from '../support';

const IDENTITY = 'opentofu@pve!opentofu-token';
const SEPARATED: Entry = { access: { privilege_separation: true } };

interface Scenario {
  readonly title: string;
  /** What stands on the node before. */
  readonly start?: (node: SimulatedNode) => Promise<unknown>;
  readonly wanted: Entry;
  readonly removal?: boolean;
}

const byHand = async (node: SimulatedNode) => {
  await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve', '--comment', 'hers');
  await atConsole(node, 'pveum', 'user', 'token', 'add', 'opentofu@pve', 'opentofu-token', '--comment', 'hers');
};
const ofOthers = async (node: SimulatedNode) => {
  await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve', '--comment', 'hers');
  await deployed(SEPARATED)(node);
};
const deployed = (entry: Entry) => (node: SimulatedNode) =>
  deploy(settingsFor(node, entry), anOperator(temporaryFolder()));

const SCENARIOS: readonly Scenario[] = [
  { title: 'a fresh deploy', wanted: SEPARATED },
  { title: 'a rotation where the user is of others', start: ofOthers, wanted: { ...SEPARATED, generation: '2' } },
  { title: 'an adoption', start: byHand, wanted: SEPARATED },
  {
    title: 'a change of user, role and path',
    start: deployed({ identity: 'older@pve!ci', access: { role: 'older-role' } }),
    wanted: { access: { acl: [{ path: '/vms', propagate: false }] } },
  },
  { title: 'a removal', start: deployed(SEPARATED), wanted: SEPARATED, removal: true },
  { title: 'a removal where the user is of others', start: ofOthers, wanted: SEPARATED, removal: true },
];

const go = (settings: EntrySettings, operator: Operator, removal = false): Promise<unknown> =>
  removal ? runVerb('revoke', settings, operator) : deploy(settings, operator);

/** A blank comment is none: the node writes it so the next time. */
const settled = ({ user }: { readonly user: string }) => user.replace(/: :$/gm, '::');

async function startOver(node: SimulatedNode, { start }: Scenario): Promise<void> {
  node.resetConfig();
  await furnish(node);
  await start?.(node);
  node.resetLog();
}

// A node that gives a token a new secret in place, and one that can only remove and add; the others do as the latter.
describe.each(['8.4', '9.1'] as const)('a connection that is cut on release %s', (release) => {
  test.each(SCENARIOS)(
    'between any two commands of $title: a plain re-run converges',
    async (scenario) => {
      const node = await aNode({ release });
      const { wanted, removal } = scenario;
      const settings = settingsFor(node, wanted);
      await startOver(node, scenario);
      await go(settings, anOperator(temporaryFolder()), removal);
      const commands = node.commands();
      const whole = nodeFiles(node);
      expect(commands.length).toBeGreaterThan(2);
      // After one command is before the next.
      for (let k = 0; k <= commands.length; k++) {
        const place = k === 0 ? 'before everything' : `after ${k}: ${commands[k - 1]}`;
        await startOver(node, scenario);
        const others = linesWithout(nodeFiles(node).token, 'opentofu@pve', 'older@pve');
        const operator = anOperator(temporaryFolder());
        if (k === 0) node.faults.cutBefore(1);
        else node.faults.cutAfter(k);
        await expect(go(settings, operator, removal), place).rejects.toThrow(Refusal);
        const secret = await go(settings, operator, removal);
        expect(settled(nodeFiles(node)), place).toBe(settled(whole));
        expect(linesWithout(nodeFiles(node).token, 'opentofu@pve', 'older@pve'), place).toEqual(others);
        if (typeof secret === 'string') {
          expect(await accepts(node, IDENTITY, secret, '/vms', ['VM.Clone']), place).toBe(true);
          expect(nodeFiles(node).token.split('\n'), place).toContain(`${IDENTITY} ${secret}`);
        }
        expect(nodeFiles(node).token.split('\n').length, place).toBe(whole.token.split('\n').length);
        await forget(settings, operator);
        expect(existsSync(join(operator.project, '.handoff/lab')), place).toBe(false);
      }
    },
    300_000,
  );
});
