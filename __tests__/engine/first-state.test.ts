import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { verifyToken } from '../../bootstrap/verify';
import type { SimulatedNode } from '../../simulator/node';
import { readable } from './support/output';
import { descendants } from './support/processes';
import { secretsOn, useWorld } from './support/world';

/**
 * OpenTofu writes a local state 20 seconds into an apply, and without a state from before it then writes only what changed
 * last. So the first deploy of all is killed right after that write, with one cluster done and the other half-way.
 */
describe('the first deploy of an environment, killed after its state was written for the first time', () => {
  let done: SimulatedNode;
  let halfway: SimulatedNode;
  const world = useWorld('first', {
    setUp: async (made) => {
      done = await made.startNode('done', { release: '8.4' });
      halfway = await made.startNode('halfway', { release: '9.1' });
    },
  });
  const tokens = () => [
    { node: done, name: 'done', identity: 'root@pam!first' },
    { node: halfway, name: 'halfway', identity: 'root@pam!second' },
  ];

  /** The state holds something of this apply. */
  async function stateWritten(): Promise<void> {
    const read = () => readFileSync(world().path('terraform.first.tfstate'), 'utf8');
    while (!read().includes('null_resource')) await pause(100);
  }

  test('is made whole by the next one', async () => {
    world().write(tokens());
    let killed = false;
    halfway.faults.onCommand = async (moment, line) => {
      if (killed || moment !== 'after' || !/pveum user token add/.test(line)) return undefined;
      killed = true;
      await stateWritten();
      for (const pid of descendants((text) => /(terraform|tofu)(_\S+)? apply/.test(text))) process.kill(pid, 'SIGKILL');
      return undefined;
    };
    await world().project.deploy('first');
    expect(killed).toBe(true);
    delete halfway.faults.onCommand;

    await world().deploy();
    const file = readFileSync(world().file, 'utf8');
    for (const { node, identity } of tokens()) {
      const secret = file.match(new RegExp(`${identity}=([0-9a-f-]{36})`))?.[1] ?? '';
      expect([...secretsOn(node)]).toEqual([[identity, secret]]);
      const ca = readFileSync(node.api.caFile, 'utf8');
      await verifyToken({ endpoint: node.api.url, insecure: false }, ca, secret, { identity, paths: ['/'] });
    }
    expect(readable(await world().deploy())).toContain('No changes.');
  }, 300_000);
});
