import { describe, expect } from 'vitest';
import { rowWithoutCdktf } from './support/row';
import { aStory, TOKEN } from './support/story';

const NEXT = 'opentofu@pve!tofu-2';

describe('rotate and rename', () => {
  rowWithoutCdktf('rotate-in-place', async () => {
    const story = await aStory({ release: '9.1' });
    const old = await story.deploy();
    const secret = await story.deploy({ generation: '2' });
    expect([await story.works(old), await story.works(secret)]).toEqual([false, true]);
    expect(story.node.pveumRuns().filter(({ argv }) => argv.includes('remove'))).toEqual([]);
    return story.output();
  });

  rowWithoutCdktf('rotate-before-9-1', async () => {
    const story = await aStory({ release: '8.4' });
    const access = { privilege_separation: true };
    const old = await story.deploy({ access });
    const secret = await story.deploy({ access, generation: '2' });
    expect([await story.works(old), await story.works(secret)]).toEqual([false, true]);
    return story.output();
  });

  rowWithoutCdktf('rotate-without-outage', async () => {
    const story = await aStory();
    const old = await story.deploy();
    const secret = await story.deploy({ identity: NEXT, retain: [TOKEN] });
    expect([await story.works(old), await story.works(secret, NEXT)]).toEqual([true, true]);
    return story.output();
  });

  rowWithoutCdktf('let-the-old-one-go', async () => {
    const story = await aStory();
    const old = await story.deploy();
    const secret = await story.deploy({ identity: NEXT, retain: [TOKEN] });
    expect(await story.deploy({ identity: NEXT })).toBe(secret);
    expect([await story.works(old), await story.works(secret, NEXT)]).toEqual([false, true]);
    return story.output();
  });

  rowWithoutCdktf('rename-without-retain', async () => {
    const story = await aStory();
    const old = await story.deploy();
    const secret = await story.deploy({ identity: NEXT });
    expect([await story.works(old), await story.works(secret, NEXT)]).toEqual([false, true]);
    const lines = story.output().split('\n');
    const [made, verified, removed] = [': made', ': verified', ': removed'].map((end) =>
      lines.findIndex((line) => line.includes(end)),
    );
    expect([made, verified, removed]).toEqual([made, verified, removed].toSorted((a = 0, b = 0) => a - b));
    return story.output();
  });
});
