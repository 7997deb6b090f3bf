import { describe, expect } from 'vitest';
import { atConsole, followGuide, handMadeToken } from '../support/on-node';
import { rowWithoutCdktf } from './support/row';
import { aStory, type Story, TOKEN } from './support/story';

/** A node on which somebody followed the guide by hand, and the secret that he was shown. */
async function handMade(
  sudo: 'all' | 'pveum' = 'all',
  privsep: '0' | '1' = '0',
): Promise<{ story: Story; old: string }> {
  const story = await aStory({ sudo });
  return { story, old: await followGuide(story.node, privsep) };
}

/** `manage_access = false` */
const TOKEN_ALONE = { access: { role: undefined, preset: undefined, acl: [] } };
const ROTATE = { on_existing: 'rotate' } as const;

describe('adopt', () => {
  rowWithoutCdktf('adopt', async () => {
    const { story, old } = await handMade();
    expect(await story.deploy()).toBe(old);
    expect(await story.works(old, TOKEN, ['VM.Allocate', 'VM.PowerMgmt'])).toBe(true);
    return story.output();
  });

  rowWithoutCdktf('adopt-separated', async () => {
    const { story, old } = await handMade('all', '1');
    expect(await story.works(old)).toBe(false);
    expect(await story.deploy()).toBe(old);
    expect(story.config()).toContain(`token:${TOKEN}:0:1:`);
    expect(await story.works(old)).toBe(true);
    return story.output();
  });

  rowWithoutCdktf('adopt-token-alone', async () => {
    const { story, old } = await handMade('all', '1');
    const withoutToken = () => story.config().replace(/^token:.*$/m, '');
    const before = withoutToken();
    expect([await story.deploy(TOKEN_ALONE), withoutToken()]).toEqual([old, before]);
    const lines = story.output();
    expect(await story.deploy({ ...TOKEN_ALONE, generation: '2' })).not.toBe(old);
    expect(story.config()).toContain(`token:${TOKEN}:0:1:`);
    return lines;
  });

  rowWithoutCdktf('adopt-rotate', async () => {
    const { story, old } = await handMade();
    const secret = await story.deploy(ROTATE);
    const lines = story.output();
    expect([await story.works(old), await story.works(secret)]).toEqual([false, true]);
    expect(await story.deploy(ROTATE)).toBe(secret);
    return lines;
  });

  rowWithoutCdktf('adopt-fail', async () => {
    const { story, old } = await handMade();
    const before = story.config();
    expect(await story.refused({ on_existing: 'fail' })).toBe('TOKEN_EXISTS');
    expect([story.config(), await story.works(old)]).toEqual([before, true]);
    return story.output();
  });

  rowWithoutCdktf('adopt-our-own', async () => {
    const story = await aStory();
    const secret = await story.deploy();
    expect(await story.deploy(ROTATE)).toBe(secret);
    expect(await story.deploy({ on_existing: 'fail' })).toBe(secret);
    return story.output();
  });

  rowWithoutCdktf('adopt-of-another', async () => {
    const story = await aStory();
    const secret = await story.deploy({ owner: { environment: 'other', cluster: 'nuc' } });
    const before = story.config();
    expect(await story.refused({})).toBe('TOKEN_OF_ANOTHER');
    expect([story.config(), await story.works(secret)]).toEqual([before, true]);
    return story.output();
  });

  rowWithoutCdktf('secret-unreadable', async () => {
    const admin = { ssh: { user: 'admin' } };
    const { story, old } = await handMade('pveum');
    expect(await story.refused(admin)).toBe('SECRET_UNREADABLE');
    const lines = story.output();
    expect(await story.works(old)).toBe(true);
    const rotated = await story.deploy({ ...admin, ...ROTATE });
    expect([await story.works(old), await story.works(rotated)]).toEqual([false, true]);

    const asRoot = await handMade('pveum');
    expect(await asRoot.story.deploy()).toBe(asRoot.old);
    const allowed = await handMade('all');
    expect(await allowed.story.deploy(admin)).toBe(allowed.old);
    return lines;
  });

  rowWithoutCdktf('remove-adopted', async () => {
    const { story, old } = await handMade();
    await story.deploy();
    await story.revoke();
    expect(story.config()).not.toContain('cdktf-proxmox-tokens');
    expect(await story.works(old)).toBe(true);
    return story.output();
  });

  rowWithoutCdktf('remove-taken-over', async () => {
    const { story } = await handMade();
    const secret = await story.deploy(ROTATE);
    await story.revoke();
    expect(await story.works(secret)).toBe(false);
    expect(story.config()).toMatch(/^user:opentofu@pve:/m);
    return story.output();
  });
});

describe('what others may do', () => {
  /** Jo may see everything through a group, and so may the token that she made by hand. */
  async function jo(): Promise<{ story: Story; sees: () => Promise<boolean> }> {
    const story = await aStory();
    await atConsole(story.node, 'pveum', 'group', 'add', 'ops');
    await atConsole(story.node, 'pveum', 'acl', 'modify', '/', '--groups', 'ops', '--roles', 'PVEAuditor');
    await atConsole(story.node, 'pveum', 'user', 'add', 'jo@pve', '--groups', 'ops');
    const secret = await handMadeToken(story.node, 'jo@pve', 'backup', '--privsep', '0');
    return { story, sees: () => story.works(secret, 'jo@pve!backup', ['Sys.Audit']) };
  }
  const AS_JO = { identity: 'jo@pve!ci' };

  rowWithoutCdktf('others-would-lose', async () => {
    const { story, sees } = await jo();
    const before = story.config();
    expect(await story.refused(AS_JO)).toBe('OTHERS_CHANGE');
    expect([story.config(), await sees()]).toEqual([before, true]);
    return story.output();
  });

  rowWithoutCdktf('change-others', async () => {
    const { story, sees } = await jo();
    await story.deploy({ ...AS_JO, access: { change_others: true } });
    expect(await sees()).toBe(false);
    return story.output();
  });

  rowWithoutCdktf('role-shared', async () => {
    const story = await aStory();
    const other = { identity: 'ci@pve!ci', owner: { environment: 'other', cluster: 'nuc' } };
    const secret = await story.deploy(other);
    expect(await story.refused({ access: { preset: undefined, privileges: ['VM.Audit'] } })).toBe('ROLE_SHARED');
    expect(await story.works(secret, 'ci@pve!ci', ['VM.Allocate'])).toBe(true);
    return story.output();
  });
});
