import { describe, expect } from 'vitest';
import { inspectText } from '../../constructs/input/inspect';
import { renderProblem } from '../../constructs/input/problem';
import type { Entry } from '../support/verbs';
import { row } from './support/row';
import { aStory, type Story, TOKEN } from './support/story';

const VMS = { acl: [{ path: '/vms', propagate: true }] };
const SEPARATED = { privilege_separation: true };
/** A moment that is far off for every clock that runs these tests. */
const LATER = 4_000_000_000;

/** Deploys one entry and then another: the secret has to be the same, and to work. */
async function change(from: Entry, to: Entry, privileges?: readonly string[]): Promise<Story> {
  const story = await aStory();
  const secret = await story.deploy(from);
  expect(await story.deploy(to)).toBe(secret);
  if (privileges !== undefined) expect(await story.works(secret, TOKEN, privileges)).toBe(true);
  return story;
}

describe('change', () => {
  row('change-role', async () => {
    const story = await change({}, { access: { role: 'ci-role' } }, ['VM.Allocate']);
    expect(story.config()).not.toContain('opentofu-role');
    return story.output();
  });

  row('change-privileges', async () => {
    const story = await aStory();
    const own = { preset: undefined };
    const secret = await story.deploy({ access: { ...own, privileges: ['VM.Audit', 'VM.Allocate', 'VM.Clone'] } });
    expect(await story.works(secret, TOKEN, ['VM.Clone'])).toBe(true);
    expect(await story.deploy({ access: { ...own, privileges: ['VM.Audit', 'VM.Allocate'] } })).toBe(secret);
    expect(await story.works(secret, TOKEN, ['VM.Audit', 'VM.Allocate'])).toBe(true);
    expect(await story.works(secret, TOKEN, ['VM.Clone'])).toBe(false);
    return story.output();
  });

  row('change-acl', async () => {
    const story = await change({}, { access: VMS });
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:1:/vms:opentofu@pve:opentofu-role:']);
    return story.output();
  });

  row('change-propagate', async () => {
    const story = await change({}, { access: { acl: [{ path: '/', propagate: false }] } });
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:0:/:opentofu@pve:opentofu-role:']);
    return story.output();
  });

  row('separation-on', async () => {
    const story = await change({}, { access: SEPARATED }, ['VM.Allocate']);
    expect(story.config()).toMatch(/^acl:1:\/:opentofu@pve,opentofu@pve!opentofu-token:/m);
    const lines = story.output();
    expect(lines.indexOf('acl /')).toBeLessThan(lines.indexOf('privilege separation on'));
    return lines;
  });

  row('separation-off', async () => {
    const story = await change({ access: SEPARATED }, {}, ['VM.Allocate']);
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:1:/:opentofu@pve:opentofu-role:']);
    return story.output();
  });

  row('change-expiry', async () => {
    const story = await change({}, { access: { expire: LATER } });
    const lines = story.output();
    expect(story.config()).toContain(`token:${TOKEN}:${LATER}:`);
    expect(await story.refused({ access: { expire: 1 } })).toBe('TOKEN_REFUSED');
    return lines;
  });

  row('change-comment', async () => {
    const story = await change({ access: { comment: 'for the CI' } }, { access: { comment: 'for nobody' } });
    expect(story.config()).toMatch(/^token:\S+:0:0:for nobody \[cdktf-proxmox-tokens lab\/nuc /m);
    return story.output();
  });

  row('remove-keys', async () => {
    const story = await change({ access: { ...VMS, ...SEPARATED, expire: LATER, comment: 'for the CI' } }, {});
    expect(story.config().match(/^acl:.*$/gm)).toEqual(['acl:1:/:opentofu@pve:opentofu-role:']);
    expect(story.config()).toMatch(/^token:\S+:0:0:for the CI \[/m);
    return story.output();
  });

  row('remove-role', async () => {
    const text = `proxmox = { nuc = { endpoint = "https://nuc.example.net:8006", api_token = "${TOKEN}" } }`;
    const problems = await inspectText('env/lab.tfvars', text);
    if (!Array.isArray(problems)) throw new Error('the file should have been refused');
    return problems.map(renderProblem).join('\n');
  });
});
