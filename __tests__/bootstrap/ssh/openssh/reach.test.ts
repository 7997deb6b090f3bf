import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { isProgram } from '../../../../simulator/shell/login-shell';
import { aTrial } from './generator';
import { SSHD } from './servers';
import { TRIALS } from './trials';
import { startWorld, type World } from './world';

/** Without the server these tests are skipped by name; under CI that is a failure. */
const there = isProgram(SSHD) || process.env.CI !== undefined;

describe.runIf(there)('with the same config file, our client reaches what `ssh` reaches:', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    return () => world.close();
  });

  test('the node, its jump hosts, and nobody where it is not let in', async () => {
    const reach = async (config: string) => (await world.byUs({ config })).visits.map((visit) => world.name(visit));
    const jumps = 'Host b\n HostName 127.0.0.1\n Port BASTION\n IdentityFile "DIR/key 2"';
    const pve = 'Host pve\n HostName 127.0.0.1\n Port NODE';
    expect(await reach(`${pve}\n ProxyJump b,ME@127.0.0.1:INNER\n${jumps}`)).toEqual([
      'bastion: ME key2 to 127.0.0.1:INNER',
      'inner: ME key1 to 127.0.0.1:NODE',
      'node: ME key1',
    ]);
    expect(await reach(`${pve}\n User alice`)).toEqual(['node: alice not let in']);
    expect(await reach(`${pve}\n UserKnownHostsFile none`)).toEqual([]);
  });

  describe.each(Object.entries(TRIALS))('%s', (_family, trials) => {
    test.each(Object.entries(trials))('%s', async (_title, entry) => {
      const trial = typeof entry === 'string' ? { config: entry } : entry;
      const theirs = await world.bySsh(trial);
      const ours = await world.byUs(trial);
      expect(ours.visits, `ssh: ${theirs.said}\nwe: ${ours.said}`).toEqual(theirs.visits);
    });
  });

  test('whatever the file is made of', async () => {
    await fc.assert(
      fc.asyncProperty(aTrial, async (trial) => {
        const theirs = await world.bySsh(trial);
        const ours = await world.byUs(trial);
        expect(ours.visits, `ssh: ${theirs.said}\nwe: ${ours.said}`).toEqual(theirs.visits);
      }),
      // More with a number in the environment. A failure shows the seed, and the smallest file that fails.
      { numRuns: Number(process.env.SSH_CONFIGS ?? 15) },
    );
  }, 3_600_000);
});
