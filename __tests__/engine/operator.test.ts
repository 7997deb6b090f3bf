import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from './support/entries';
import { failures, readable, started } from './support/output';
import { configOn, secretsOn } from './support/pve';
import { useWorld } from './support/world';

const IDENTITY = 'root@pam!terraform2';

describe.sequential("what goes wrong on the operator's own machine, after a good deploy", () => {
  let node: SimulatedNode;
  const entry = (...bootstrap: readonly string[]): Entry => ({ name: 'pve', node, identity: IDENTITY, bootstrap });
  const world = useWorld('lab', {
    setUp: async (made) => {
      node = await made.startNode('pve', { release: '9.1' });
      made.write([entry()]);
      await made.deploy();
    },
  });
  const kept = () => ['env/lab/terraform.tfvars', 'terraform.lab.tfstate'].map((name) => read(name));
  const read = (name: string) => readFileSync(world().path(name), 'utf8');

  test('bad input is refused at once, every problem with its line, and nothing is deployed', async () => {
    const had = kept();
    world().write([entry('generatoin = "2"', 'on_existing = "replace"')]);
    const said = readable(await world().refusedDeploy());
    expect(said).toContain('2 problems');
    expect(said).toMatch(
      /env\/lab\.tfvars:9: proxmox\.pve\.bootstrap\.generatoin: is not a known key why: .* fix: Write generation instead/,
    );
    expect(said).toMatch(
      /env\/lab\.tfvars:10: proxmox\.pve\.bootstrap\.on_existing: .*got: "replace" why: .* fix: Write on_existing/,
    );
    expect([node.connections(), kept()]).toEqual([0, had]);
  });

  test('a hand-off that cannot be written is told before the node is asked for a new secret', async () => {
    const had = configOn(node);
    // Works for root as well, unlike a mode.
    rmSync(world().path('.handoff'), { recursive: true });
    writeFileSync(world().path('.handoff'), 'in the way');
    world().write([entry('generation = "2"')]);
    const said = failures(await world().refusedDeploy()).get('null_resource.pve_token');
    expect(said).toMatch(/The hand-off file `\S+\.handoff\/lab\/pve-\d+` cannot be written: ENOTDIR\./);
    expect(said).toContain('why: Through it the secret reaches the state');
    expect(said).toContain('fix: Make room, or make the folder writable, then deploy again');
    expect([node.commands(), configOn(node)]).toEqual([[], had]);
  });

  test('after the repair a deploy goes on from there: the new secret reaches the file', async () => {
    const had = secretsOn(node).get(IDENTITY);
    rmSync(world().path('.handoff'));
    expect(started(await world().deploy())).toEqual(['null_resource.pve_token', 'null_resource.sweep']);
    expect(secretsOn(node).get(IDENTITY)).not.toBe(had);
    expect(read('env/lab/terraform.tfvars')).toBe(goldenFile([entry()]));
  });
});
