import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandOf } from '../../bootstrap/node/commands';
import { type NodeShell, openShell } from '../../bootstrap/node/shell';
import type { Step } from '../../bootstrap/plan/steps';
import { checkNodeSettings, checkOwner } from '../../bootstrap/settings';
import { runAccess } from '../../bootstrap/verbs/access';
import { runRevoke } from '../../bootstrap/verbs/revoke';
import { runToken } from '../../bootstrap/verbs/token';
import { Refusal } from '../../contract/refusal';
import { SETTINGS_FORMAT, type TokenVerbSettings } from '../../contract/settings';
import { hostile } from '../support/hostile';
import { temporaryFolder } from '../support/node';
import { type Answers, aRecorder } from '../support/recorder';

/** Each shell once: on many systems two of the names are one program. */
const SHELLS = [
  ...new Map(
    ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/zsh', '/usr/bin/fish']
      .filter((shell) => existsSync(shell))
      .map((shell) => [realpathSync(shell), shell]),
  ).values(),
];
const SSH = { host: 'nuc', timeouts: { connect: 20, command: 60, lock: 0 } };
const CLOCK = { now: () => 0, sleep: async () => undefined };
const ANSWERS: Answers = {
  file: 'user:root@pam:1:0::::::\n',
  roles: JSON.stringify([{ roleid: 'Administrator', privs: 'VM.Audit,VM.Clone' }]),
  token: JSON.stringify({ value: crypto.randomUUID() }),
};

/** A shell on a recorder, and the words that were meant to reach it: those of a line that could be written. */
function aWatchedShell(shell: string) {
  const recorder = aRecorder(temporaryFolder(), shell, ANSWERS);
  const meant: string[][] = [];
  const inner = openShell(recorder.connection, SSH, CLOCK, () => undefined);
  const watch = <T>(words: readonly string[], act: () => Promise<T>) => {
    meant.push([...words]);
    return act();
  };
  const node: NodeShell = {
    read: (words) => watch(words, () => inner.read(words)),
    pveum: (words) => watch(['pveum', ...words], () => inner.pveum(words)),
    tryPveum: (words) => watch(['pveum', ...words], () => inner.tryPveum(words)),
  };
  return { recorder, node, meant };
}

const changesTheNode = ([name, , verb]: readonly string[]) => name === 'pveum' && verb !== 'list';

const arbStep: fc.Arbitrary<Step> = hostile.chain((text) =>
  fc.constantFrom<Step>(
    { verb: 'addUser', userid: 'jo@pve', comment: text },
    { verb: 'addUser', userid: text, comment: 'x' },
    { verb: 'setUserComment', userid: 'jo@pve', comment: text },
    { verb: 'deleteUser', userid: `${text}@pve` },
    { verb: 'addRole', role: text, privileges: ['VM.Audit'] },
    { verb: 'setRole', role: 'r', privileges: ['VM.Audit', text] },
    { verb: 'deleteRole', role: text },
    { verb: 'grant', path: `/${text}`, role: 'r', propagate: true, principals: [{ type: 'user', id: 'jo@pve' }] },
    { verb: 'grant', path: '/', role: 'r', propagate: true, principals: [{ type: 'token', id: `jo@pve!${text}` }] },
    { verb: 'revokeGrant', path: '/', role: text, principal: { type: 'user', id: 'jo@pve' } },
    { verb: 'setToken', identity: 'jo@pve!ci', comment: text },
    { verb: 'removeToken', identity: `jo@pve!${text}` },
  ),
);

describe.each(SHELLS)('to pveum behind %s', (shell) => {
  test('every step gives the very words, or nothing at all', async () => {
    const { recorder, node } = aWatchedShell(shell);
    await fc.assert(
      fc.asyncProperty(arbStep, async (step) => {
        let words: readonly string[] = [];
        let refused = false;
        try {
          words = commandOf(step);
          await node.tryPveum(words);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          refused = true;
        }
        expect(recorder.take()).toEqual(refused ? [] : [['pveum', ...words]]);
        expect(recorder.strays()).toEqual([]);
      }),
      { numRuns: 400 },
    );
  }, 180_000);

  test('the verbs give the very words with hostile text in any setting, or nothing at all', async () => {
    const { recorder, node, meant } = aWatchedShell(shell);
    const run = { shell: node, report: () => undefined, did: () => undefined, isOrphan: () => false };
    const handoff = { write: async () => undefined, abandon: async () => undefined };
    const effects = { openHandoff: async () => handoff, reach: async () => undefined, verify: async () => undefined };
    await fc.assert(
      fc.asyncProperty(arbSettings, async (settings) => {
        meant.length = 0;
        let refused = false;
        try {
          // As the program does, before it connects.
          checkNodeSettings(settings);
          await runAccess(settings, run);
          await runToken(settings, run, effects);
          await runRevoke({ ...settings, removal: 'revoke' }, run);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          refused = true;
        }
        const started = recorder.take();
        expect(started).toEqual(meant);
        if (refused) expect(started.filter(changesTheNode)).toEqual([]);
        expect(recorder.strays()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 180_000);
});

const GOOD: TokenVerbSettings = {
  format: SETTINGS_FORMAT,
  project: '.',
  owner: { environment: 'lab', cluster: 'nuc' },
  ssh: SSH,
  identity: 'jo@pve!ci',
  access: {
    role: 'r',
    privileges: ['VM.Audit'],
    acl: [{ path: '/', propagate: true }],
    privilege_separation: true,
    expire: 0,
  },
  on_existing: 'adopt',
  generation: '1',
  retain: [],
  handoff: 'h/nuc-1',
};

/** Good settings with hostile text in one place. */
const arbSettings: fc.Arbitrary<TokenVerbSettings> = hostile.chain((text) =>
  fc.constantFrom<TokenVerbSettings>(
    { ...GOOD, access: { ...GOOD.access, comment: text } },
    { ...GOOD, access: { ...GOOD.access, comment: `it's ${text}` } },
    { ...GOOD, generation: text },
    { ...GOOD, owner: { ...GOOD.owner, cluster: text } },
    { ...GOOD, owner: { ...GOOD.owner, environment: text } },
    { ...GOOD, identity: text },
    { ...GOOD, identity: `${text}@pve!ci` },
    { ...GOOD, identity: `jo@pve!${text}` },
    { ...GOOD, retain: [text] },
    { ...GOOD, access: { ...GOOD.access, role: text } },
    { ...GOOD, access: { ...GOOD.access, privileges: ['VM.Audit', text] } },
    { ...GOOD, access: { ...GOOD.access, acl: [{ path: text, propagate: true }] } },
    { ...GOOD, access: { ...GOOD.access, acl: [{ path: `/storage/${text}`, propagate: true }] } },
  ),
);

describe('settings that came another way than through the constructs', () => {
  const refused = (check: () => void) => {
    try {
      check();
    } catch (error) {
      if (error instanceof Refusal) return error.what;
      throw error;
    }
    return undefined;
  };
  const told = (cause: string) => `The settings in \`PROXMOX_TOKENS_SETTINGS\` cannot be used: ${cause}.`;

  test('pass as they are when nothing is wrong with them', () => {
    expect(refused(() => checkNodeSettings(GOOD))).toBeUndefined();
    expect(refused(() => checkOwner({ environment: 'größe.eu', cluster: 'nuc-1' }))).toBeUndefined();
  });

  test.each<[Partial<TokenVerbSettings>, string]>([
    [{ identity: 'x' }, '`identity` is not a token identity of the form user@realm!tokenid'],
    [{ retain: ['x'] }, '`retain` is not a token identity of the form user@realm!tokenid'],
    [{ generation: '1] [x' }, '`generation` is not one word without `/` and `]`'],
    [{ generation: '\u0007' }, '`generation` holds control characters'],
    [{ owner: { environment: 'a/b', cluster: 'c' } }, '`owner.environment` is not one word without `/` and `]`'],
    [{ owner: { environment: 'a', cluster: '' } }, '`owner.cluster` is not one word without `/` and `]`'],
    [{ access: { ...GOOD.access, comment: 'a\nb' } }, '`access.comment` holds control characters'],
    [
      { access: { ...GOOD.access, privileges: ['-x'] } },
      '`access.privileges` is not a privilege name such as VM.Audit',
    ],
  ])('are refused before the node is reached: %j', (over, cause) => {
    expect(refused(() => checkNodeSettings({ ...GOOD, ...over }))).toBe(told(cause));
  });
});

test('the canaries would be seen: a line that is not quoted leaves one', async () => {
  const folder = temporaryFolder();
  const recorder = aRecorder(folder, '/bin/sh', ANSWERS);
  await recorder.connection.run('pveum x; touch canary');
  expect(recorder.strays()).toEqual(['canary']);
  expect(recorder.take()).toEqual([['pveum', 'x']]);
  expect(existsSync(join(folder, 'home/canary'))).toBe(true);
});
