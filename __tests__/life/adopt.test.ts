import { describe, expect } from 'vitest';
import { followGuide } from '../support/on-node';
import { row } from './support/row';
import { aStory, type Story, TOKEN } from './support/story';

/** A node on which somebody followed the guide by hand, and the secret that he was shown. */
async function handMade(sudo: 'all' | 'pveum' = 'all'): Promise<{ story: Story; old: string }> {
  const story = await aStory({ sudo });
  return { story, old: await followGuide(story.node) };
}

describe('adopt', () => {
  row('adopt', async () => {
    const { story, old } = await handMade();
    expect(await story.deploy()).toBe(old);
    expect(await story.works(old, TOKEN, ['VM.Allocate', 'VM.PowerMgmt'])).toBe(true);
    const lines = story.output();
    await story.revoke();
    expect(await story.works(old)).toBe(true);
    return lines;
  });

  row('adopt-rotate', async () => {
    const { story, old } = await handMade();
    const rotate = { on_existing: 'rotate' } as const;
    const secret = await story.deploy(rotate);
    const lines = story.output();
    expect([await story.works(old), await story.works(secret)]).toEqual([false, true]);
    expect(await story.deploy(rotate)).toBe(secret);
    return lines;
  });

  row('adopt-fail', async () => {
    const { story, old } = await handMade();
    const before = story.config();
    expect(await story.refused({ on_existing: 'fail' })).toBe('TOKEN_EXISTS');
    expect([story.config(), await story.works(old)]).toEqual([before, true]);
    return story.output();
  });

  row('adopt-our-own', async () => {
    const story = await aStory();
    const secret = await story.deploy();
    expect(await story.deploy({ on_existing: 'rotate' })).toBe(secret);
    expect(await story.deploy({ on_existing: 'fail' })).toBe(secret);
    return story.output();
  });

  row('adopt-of-another', async () => {
    const story = await aStory();
    const secret = await story.deploy({ owner: { environment: 'other', cluster: 'nuc' } });
    const before = story.config();
    expect(await story.refused({})).toBe('TOKEN_OF_ANOTHER');
    expect([story.config(), await story.works(secret)]).toEqual([before, true]);
    return story.output();
  });

  row('secret-unreadable', async () => {
    const admin = { ssh: { user: 'admin' } };
    const { story, old } = await handMade('pveum');
    expect(await story.refused(admin)).toBe('SECRET_UNREADABLE');
    const lines = story.output();
    expect(await story.works(old)).toBe(true);
    const rotated = await story.deploy({ ...admin, on_existing: 'rotate' });
    expect([await story.works(old), await story.works(rotated)]).toEqual([false, true]);

    const asRoot = await handMade('pveum');
    expect(await asRoot.story.deploy()).toBe(asRoot.old);
    const allowed = await handMade('all');
    expect(await allowed.story.deploy(admin)).toBe(allowed.old);
    return lines;
  });

  row('remove-adopted', async () => {
    const { story, old } = await handMade();
    await story.deploy();
    await story.revoke();
    expect(story.config()).not.toContain('cdktf-proxmox-tokens');
    expect(await story.works(old)).toBe(true);
    return story.output();
  });
});
