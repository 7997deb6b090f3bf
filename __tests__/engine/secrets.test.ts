import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SETTINGS_VARIABLE } from '../../contract/settings';
import type { SimulatedNode } from '../../simulator/node';
import type { Entry } from './support/entries';
import { filesBelow, holdersOf } from './support/holders';
import { type Lab, useLab } from './support/lab';
import { readable } from './support/output';
import { secretsOn } from './support/pve';
import { startSampler } from './support/sampler';

/** In every environment, to see that environments are seen. */
const DECOY = 'c0ffee00-0000-4000-8000-000000000000';

/** Every secret that a node ever had, and what was there to be seen while and after they were made. */
const secrets = new Set<string>();
const outputs: string[] = [];
const commands: string[] = [];
const scanned = new Set<string>();
const holders = new Set<string>();
let sampled: readonly string[] = [];

/** Deploy, plan, rotate, fail to rotate, go on, destroy; a look at everything after each. */
async function live(lab: Lab): Promise<void> {
  for (const folder of ['tmp', 'home']) mkdirSync(lab.path(folder));
  const nodes = [
    await lab.startNode('host3', { release: '8.4' }),
    await lab.startNode('nuc', { release: '9.1' }),
  ] as const;
  const entries = ([host3, nuc]: typeof nodes, generation: number, trusted = true): Entry[] => [
    { name: 'host3', node: host3, identity: 'root@pam!terraform2', bootstrap: [`generation = "${generation}"`] },
    {
      name: 'nuc',
      node: nuc,
      identity: 'opentofu@pve!opentofu-token',
      bootstrap: ['role = "opentofu-role"', 'preset = "opentofu"', `generation = "${generation}"`],
      trusted,
    },
  ];
  const step = async (act: () => Promise<string>) => {
    outputs.push(await act());
    look(lab, nodes);
  };
  const sampler = await startSampler();
  lab.write(entries(nodes, 1));
  await step(() => lab.deploy());
  lab.write(entries(nodes, 2));
  await step(() => lab.diff());
  await step(() => lab.deploy());
  lab.write(entries(nodes, 3, false));
  await step(() => lab.refused('deploy'));
  lab.write(entries(nodes, 3));
  await step(() => lab.deploy());
  await step(() => lab.destroy());
  sampled = await sampler.stop();
}

function look(lab: Lab, nodes: readonly SimulatedNode[]): void {
  for (const node of nodes) {
    for (const secret of secretsOn(node).values()) secrets.add(secret);
    commands.push(...node.commands());
  }
  const files = filesBelow(lab.path(), 'nodes');
  for (const file of files) scanned.add(file);
  for (const file of holdersOf(secrets, lab.path(), files)) holders.add(file);
}

const withSecret = (texts: readonly string[]) => texts.filter((text) => [...secrets].some((it) => text.includes(it)));

describe.runIf(process.platform === 'linux')('the secrets of a life with two rotations and a failure', () => {
  useLab(live, {
    // All that the tools write down of themselves, in folders of the project.
    variables: (folder) => ({
      TMPDIR: join(folder, 'tmp'),
      CDKTF_HOME: join(folder, 'home'),
      CDKTF_LOG_LEVEL: 'debug',
      TF_LOG: 'TRACE',
      TF_LOG_PATH: join(folder, 'tmp', 'trace.log'),
      DECOY,
    }),
  });

  test('are two a generation, also of the one that failed at first', () => {
    expect(secrets.size).toBe(6);
    expect(outputs.map((output) => output.includes('UNABLE_TO_VERIFY_LEAF'))).toEqual([
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  test('are in nothing that cdktf and the engine print', () => {
    expect(withSecret(outputs)).toEqual([]);
    expect(outputs.filter((output) => readable(output).includes('(sensitive value)'))).not.toEqual([]);
  });

  test('are in no argument and no environment of a process that ran', () => {
    for (const verb of ['access', 'token', 'forget', 'revoke']) {
      expect(sampled.some((text) => text.includes(`bootstrap.cjs\0${verb}\0`))).toBe(true);
    }
    for (const verb of ['plan', 'apply', 'destroy']) {
      expect(sampled.some((text) => /(terraform|tofu)\0/.test(text) && text.includes(`\0${verb}\0`))).toBe(true);
    }
    const environments = sampled.filter((text) => text.includes(`DECOY=${DECOY}\0`));
    expect(environments.filter((text) => text.includes(`${SETTINGS_VARIABLE}={`)).length).toBeGreaterThan(3);
    // The parts alone: the rest of an environment is nobody's business.
    expect(withSecret(sampled.flatMap((text) => text.split('\0')))).toEqual([]);
  });

  test('are in no command that a node was sent', () => {
    expect(commands.some((line) => line.includes('user token add'))).toBe(true);
    expect(withSecret(commands)).toEqual([]);
  });

  test('are in no file but the state, a saved plan, the output and, meanwhile, the hand-off', () => {
    expect([...scanned]).toEqual(expect.arrayContaining(['cdktf.out/stacks/lab/cdk.tf.json', 'tmp/trace.log']));
    const names = [...holders].map((file) => file.replace(/(host3|nuc)-\d+$/, 'ID')).sort();
    expect(names).toEqual([
      '.handoff/lab/ID',
      'cdktf.out/stacks/lab/plan',
      'env/lab/terraform.tfvars',
      'terraform.lab.tfstate',
      'terraform.lab.tfstate.backup',
    ]);
  });
});
