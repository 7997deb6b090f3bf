import { describe, expect } from 'vitest';
import { rowWithoutCdktf } from './support/row';
import { aStory } from './support/story';

describe('one node, and what comes between', () => {
  rowWithoutCdktf('two-environments', async () => {
    const story = await aStory();
    const ci = { identity: 'opentofu@pve!ci', owner: { environment: 'ci', cluster: 'nuc' } };
    const [ours, theirs] = [await story.deploy(), await story.deploy(ci)];
    await story.revoke();
    const lines = story.output();
    expect([await story.works(ours), await story.works(theirs, ci.identity, ['VM.Allocate'])]).toEqual([false, true]);
    await story.revoke(ci);
    expect(story.config()).not.toMatch(/opentofu/);
    return lines;
  });

  rowWithoutCdktf('node-locked', async () => {
    const story = await aStory({ lock: { timeoutMs: 1 } });
    let unlock: (() => void) | undefined = story.node.faults.holdLock();
    story.node.faults.onCommand = (moment, line) => {
      if (moment === 'after' && line.includes('user add')) {
        // The first attempt has failed: the other program is done now.
        unlock?.();
        unlock = undefined;
      }
      return undefined;
    };
    expect(await story.works(await story.deploy())).toBe(true);
    return story.output();
  });

  rowWithoutCdktf('node-busy', async () => {
    const story = await aStory();
    const letGo = await story.node.faults.holdRunLock();
    const before = story.config();
    expect(await story.refused({ ssh: { timeouts: { connect: 20, command: 60, lock: 1 } } })).toBe('NODE_BUSY');
    const lines = story.output();
    expect(story.config()).toBe(before);
    letGo();
    expect(await story.works(await story.deploy())).toBe(true);
    return lines;
  });

  rowWithoutCdktf('connection-lost', async () => {
    const story = await aStory();
    story.node.faults.onCommand = (moment, line) =>
      moment === 'after' && line.includes('role add') ? 'cut' : undefined;
    expect(await story.refused({})).toBe('CONNECTION_LOST');
    const lost = story.output();
    delete story.node.faults.onCommand;
    expect(await story.works(await story.deploy())).toBe(true);
    const added = story.node.pveumRuns().filter(({ argv }) => argv.slice(0, 2).join(' ') === 'role add');
    expect(added).toHaveLength(1);
    return lost + story.output();
  });
});
