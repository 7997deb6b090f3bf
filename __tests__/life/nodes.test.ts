import { describe, expect } from 'vitest';
import { temporaryFolder } from '../support/node';
import { anOperator } from '../support/verbs';
import { row } from './support/row';
import { aStory, Story } from './support/story';

describe('one node, and what comes between', () => {
  row('two-environments', async () => {
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

  row('node-locked', async () => {
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

  row('connection-lost', async () => {
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

  row('killed', async () => {
    const story = await aStory();
    let killed = false;
    story.node.faults.onCommand = (moment, line) => {
      killed ||= moment === 'after' && line.includes('user token add');
      return undefined;
    };
    const orphan = new Story(story.node, anOperator(temporaryFolder(), { isOrphan: () => killed }));
    const separated = { access: { privilege_separation: true } };
    expect(await orphan.refused(separated)).toBe('ORPHANED');
    const before = story.config();
    const secret = await story.deploy(separated);
    expect(await story.works(secret)).toBe(true);
    expect(before).not.toMatch(/^acl:.*!opentofu-token/m);
    return orphan.output() + story.output();
  });
});
