import { describe, expect } from 'vitest';
import type { Entry } from '../support/verbs';
import { rowWithoutCdktf } from './support/row';
import { aStory, type Story, TOKEN } from './support/story';

const VMS = { acl: [{ path: '/vms', propagate: true }] };
const SEPARATED = { privilege_separation: true };
/** A moment that is far off for every clock that runs these tests. */
const LATER = 4_000_000_000;

/** Deploys one entry and then another: the secret has to be the same, and to work. */
async function change(from: Entry, to: Entry, privileges?: string[]): Promise<Story> {
  const story = await aStory();
  const secret = await story.deploy(from);
  expect(await story.deploy(to)).toBe(secret);
  if (privileges !== undefined) expect(await story.works(secret, TOKEN, privileges)).toBe(true);
  return story;
}

describe('change', () => {
  rowWithoutCdktf('change-role', async () => {
    const story = await change({}, { access: { role: 'ci-role' } }, ['VM.Allocate']);
    expect(story.config()).not.toContain('opentofu-role');
    return story.output();
  });

  rowWithoutCdktf('change-acl', async () => {
    const story = await change({}, { access: VMS });
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:1:/vms:opentofu@pve:opentofu-role:']);
    return story.output();
  });

  rowWithoutCdktf('change-propagate', async () => {
    const story = await change({}, { access: { acl: [{ path: '/', propagate: false }] } });
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:0:/:opentofu@pve:opentofu-role:']);
    return story.output();
  });

  rowWithoutCdktf('separation-on', async () => {
    const story = await change({}, { access: SEPARATED }, ['VM.Allocate']);
    expect(story.config()).toMatch(/^acl:1:\/:opentofu@pve,opentofu@pve!opentofu-token:/m);
    const lines = story.output();
    expect(lines.indexOf('acl /')).toBeLessThan(lines.indexOf('privilege separation on'));
    return lines;
  });

  rowWithoutCdktf('separation-off', async () => {
    const story = await change({ access: SEPARATED }, {}, ['VM.Allocate']);
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:1:/:opentofu@pve:opentofu-role:']);
    return story.output();
  });

  rowWithoutCdktf('change-expiry', async () => {
    const story = await change({}, { access: { expire: LATER } });
    const lines = story.output();
    expect(story.config()).toContain(`token:${TOKEN}:${LATER}:`);
    expect(await story.refused({ access: { expire: 1 } })).toBe('TOKEN_REFUSED');
    return lines;
  });

  rowWithoutCdktf('change-comment', async () => {
    const story = await change({ access: { comment: 'for the CI' } }, { access: { comment: 'for nobody' } });
    expect(story.config()).toMatch(/^token:\S+:0:0:for nobody \[cdktf-proxmox-tokens lab\/nuc /m);
    return story.output();
  });

  rowWithoutCdktf('remove-keys', async () => {
    const story = await change({ access: { ...VMS, ...SEPARATED, expire: LATER, comment: 'for the CI' } }, {});
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:1:/:opentofu@pve:opentofu-role:']);
    expect(story.config()).toMatch(/^token:\S+:0:0:for the CI \[/m);
    return story.output();
  });
});
