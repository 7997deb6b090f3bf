import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { verifyToken } from '../../bootstrap/verify';
import type { SimulatedNode } from '../../simulator/node';
import type { Cut } from '../../simulator/ssh/faults';
import { readable } from './support/output';
import { descendants } from './support/processes';
import { secretsOn } from './support/pve';
import { useWorld } from './support/world';

const IDENTITY = 'opentofu@pve!opentofu-token';

/** What happens to a deploy at some moment of a command on the node. */
const ENDS = {
  'Ctrl-C': (controller: AbortController) => controller.abort(),
  'a kill of the engine': () => kill(/(terraform|tofu)(_\S+)? apply/),
  'a kill of cdktf': () => kill(/bin\/cdktf deploy/),
} as const;

function kill(pattern: RegExp): void {
  const found = descendants((line) => pattern.test(line));
  if (found.length === 0) throw new Error(`no process fits ${pattern}`);
  for (const pid of found) process.kill(pid, 'SIGKILL');
}

/** A killed process is gone a moment later than its killer goes on. */
async function programIsAlone(): Promise<void> {
  while (descendants((line) => line.includes('bootstrap.cjs')).length > 0) await setImmediate();
}

/** Each test goes on from where the one before it left the node: a rotation that is cut off, and the next deploy. */
describe.sequential('a deploy that does not live to its end', () => {
  let nuc: SimulatedNode;
  let generation = 0;
  const world = useWorld('interrupts', {
    setUp: async (made) => {
      nuc = await made.startNode('nuc', { release: '9.1' });
    },
  });

  function writeNextGeneration(): void {
    generation += 1;
    const bootstrap = ['role = "opentofu-role"', 'preset = "opentofu"', `generation = "${generation}"`];
    world().write([{ name: 'nuc', node: nuc, identity: IDENTITY, bootstrap }]);
  }

  /** A deploy that ends in that way at that moment of the first command that fits. */
  async function cutOff(end: (controller: AbortController) => void, moment: Cut, command: RegExp): Promise<void> {
    const controller = new AbortController();
    let done = false;
    nuc.faults.onCommand = async (at, line) => {
      if (done || at !== moment || !command.test(line)) return undefined;
      done = true;
      end(controller);
      if (end === ENDS['a kill of the engine']) await programIsAlone();
      return undefined;
    };
    // Its exit code is not looked at: cdktf ends with 0 when its engine is killed.
    await world().project.deploy('interrupts', { signal: controller.signal });
    delete nuc.faults.onCommand;
    expect(done, 'the command came').toBe(true);
  }

  async function expectWhole(): Promise<void> {
    const file = readFileSync(world().file, 'utf8');
    const secret = file.match(/opentofu-token=([0-9a-f-]{36})/)?.[1] ?? '';
    expect([...secretsOn(nuc)]).toEqual([[IDENTITY, secret]]);
    const expected = { identity: IDENTITY, paths: ['/'], privileges: ['VM.Audit'] };
    await verifyToken(
      { endpoint: nuc.api.url, insecure: false },
      readFileSync(nuc.api.caFile, 'utf8'),
      secret,
      expected,
    );
    expect(readable(await world().deploy())).toContain('No changes.');
    expect(nuc.connections()).toBe(0);
  }

  test.each(Object.entries(ENDS))(
    'is made whole by the next one: %s while the first token is made',
    async (_, end) => {
      writeNextGeneration();
      await cutOff(end, 'before', /pveum user token/);
      await world().deploy();
      await expectWhole();
    },
    120_000,
  );

  test.each(Object.entries(ENDS))(
    'is made whole by the next one: %s after the secret was changed',
    async (_, end) => {
      writeNextGeneration();
      await cutOff(end, 'after', /--regenerate/);
      await world().deploy();
      await expectWhole();
    },
    120_000,
  );

  test('leaves a program that stops before its next change, beside the next deploy', async () => {
    writeNextGeneration();
    // The look at the node is answered once the engine is gone: what comes next would be the change.
    await cutOff(ENDS['a kill of the engine'], 'after', /cat \/etc\/pve\/user\.cfg/);
    const rotations = () => nuc.pveumRuns().filter(({ argv }) => argv.includes('--regenerate')).length;
    await world().deploy();
    expect(rotations()).toBe(1);
    await expectWhole();
  }, 120_000);

  test('can be destroyed', async () => {
    await world().destroy();
    expect([...secretsOn(nuc)]).toEqual([]);
  }, 120_000);
});
