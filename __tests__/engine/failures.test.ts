import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from './support/entries';
import { CLUSTERS, type ClusterName, FAULTS } from './support/faults';
import { failures, planned, started } from './support/output';
import { secretsOn } from './support/pve';
import { useWorld } from './support/world';

const IDENTITY = 'opentofu@pve!opentofu-token';
const FAILING = FAULTS.map(({ block }) => block).sort();

describe.sequential('one deploy of a good cluster beside five that fail, each in its way', () => {
  const nodes = new Map<ClusterName, SimulatedNode>();
  let output: string;
  const world = useWorld('failures', {
    setUp: async (made) => {
      for (const name of CLUSTERS) nodes.set(name, await made.startNode(name, { release: '9.1' }));
      await node('down').close();
      node('full').faults.diskFull = true;
      const broken: { readonly [name in ClusterName]?: Partial<Entry> } = {
        impostor: { hostKey: node('good').ssh.hostKey },
        stranger: { identityFile: node('good').privateKeyFile },
        untrusted: { trusted: false },
      };
      made.write(CLUSTERS.map((name) => ({ ...entry(name), ...broken[name] })));
      output = await made.refusedDeploy();
    },
  });

  function node(name: ClusterName): SimulatedNode {
    const found = nodes.get(name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  }
  const entry = (name: ClusterName): Entry => ({
    name,
    node: node(name),
    identity: IDENTITY,
    bootstrap: ['role = "opentofu-role"', 'preset = "opentofu"'],
  });
  const secretOf = (name: ClusterName) => secretsOn(node(name)).get(IDENTITY);

  test.each(FAULTS.map(({ fault, ...rest }) => [fault, rest] as const))(
    'it says of a node %s what happened, why, and what to do',
    (_fault, { block, said }) => {
      for (const sentence of said) expect(failures(output).get(block)).toMatch(sentence);
    },
  );

  test('it fails for these five alone, and writes no file without their tokens', () => {
    expect([...failures(output).keys()].sort()).toEqual(FAILING);
    expect(CLUSTERS.filter((name) => secretOf(name) !== undefined)).toEqual(['good']);
    expect(existsSync(world().file)).toBe(false);
  });

  test('`cdktf diff` then plans what is missing, and asks no node', async () => {
    const blocks = planned(await world().diff());
    expect(blocks).toEqual(expect.arrayContaining(FAILING));
    expect(blocks.filter((block) => block.includes('good'))).toEqual([]);
    expect(CLUSTERS.map((name) => node(name).connections())).toEqual(CLUSTERS.map(() => 0));
  });

  test('after the repair a deploy goes on from there: no token is made twice, the file is whole', async () => {
    const had = secretOf('good');
    const { ssh, api } = node('down');
    nodes.set('down', await world().startNode('down', { release: '9.1', sshPort: ssh.port, apiPort: api.port }));
    node('full').faults.diskFull = false;
    world().write(CLUSTERS.map(entry));
    const ran = started(await world().deploy());
    expect(ran.filter((block) => block.includes('good'))).toEqual([]);
    expect(secretOf('good')).toBe(had);
    expect(readFileSync(world().file, 'utf8')).toBe(goldenFile(CLUSTERS.map(entry)));
  });
});
