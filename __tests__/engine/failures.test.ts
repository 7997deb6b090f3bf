import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from './support/entries';
import { useLab } from './support/lab';
import { failures, planned, started } from './support/output';
import { secretsOn } from './support/pve';

const IDENTITY = 'opentofu@pve!opentofu-token';
const CLUSTERS = ['good', 'down', 'impostor', 'stranger', 'full', 'untrusted'] as const;
type ClusterName = (typeof CLUSTERS)[number];

/** What is wrong with a node, the block that fails, and what it says. */
const FAULTS = [
  ['that takes no SSH connection', 'null_resource.down_access', /ECONNRESET/],
  ['that shows another host key than the entry has', 'null_resource.impostor_access', /does not have the host key/],
  ['that does not know our key', 'null_resource.stranger_access', /rejected the login/],
  ['whose disk is full', 'null_resource.full_access', /No space left on device/],
  ['with a certificate of its own and no `ca_file`', 'null_resource.untrusted_access', /UNABLE_TO_VERIFY_LEAF/],
] as const;
const FAILING = FAULTS.map(([, block]) => block).sort();

describe.sequential('one deploy of a good cluster beside five that fail, each in its way', () => {
  const nodes = new Map<ClusterName, SimulatedNode>();
  let output: string;
  const lab = useLab(async (made) => {
    for (const name of CLUSTERS) nodes.set(name, await made.startNode(name));
    node('full').faults.diskFull = true;
    const broken: { readonly [name in ClusterName]?: Partial<Entry> } = {
      impostor: { hostKey: node('good').ssh.hostKey },
      stranger: { identityFile: node('good').privateKeyFile },
      untrusted: { trusted: false },
    };
    node('down').faults.refuseConnections = true;
    made.write(CLUSTERS.map((name) => ({ ...entry(name), ...broken[name] })));
    output = await made.refused('deploy');
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

  test.each(FAULTS)('it says of a node %s what happened, why, and what to do', (_, block, said) => {
    const told = failures(output).get(block);
    for (const part of [said, / why: /, / fix: /]) expect(told).toMatch(part);
  });

  test('it fails for these five alone, and writes no file without their tokens', () => {
    expect([...failures(output).keys()].sort()).toEqual(FAILING);
    expect(CLUSTERS.filter((name) => secretOf(name) !== undefined)).toEqual(['good']);
    expect(existsSync(lab().file)).toBe(false);
  });

  test('`cdktf diff` then plans what is missing, and asks no node', async () => {
    const blocks = planned(await lab().diff());
    expect(blocks).toEqual(expect.arrayContaining(FAILING));
    expect(blocks.filter((block) => block.includes('good'))).toEqual([]);
    expect(lab().connections()).toBe(0);
  });

  test('after the repair a deploy goes on from there: no token is made twice, the file is whole', async () => {
    const had = secretOf('good');
    node('down').faults.refuseConnections = false;
    node('full').faults.diskFull = false;
    lab().write(CLUSTERS.map(entry));
    const ran = started(await lab().deploy());
    expect(ran.filter((block) => block.includes('good'))).toEqual([]);
    expect(secretOf('good')).toBe(had);
    expect(readFileSync(lab().file, 'utf8')).toBe(goldenFile(CLUSTERS.map(entry)));
  });
});
