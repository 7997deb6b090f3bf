import { existsSync, realpathSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandOf } from '../../bootstrap/node/commands';
import { type NodeSession, openNode } from '../../bootstrap/node/session';
import type { Step } from '../../bootstrap/node/steps';
import { checkNodeSettings } from '../../bootstrap/settings';
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
const ANSWERS: Answers = {
  file: 'user:root@pam:1:0::::::\n',
  roles: JSON.stringify([{ roleid: 'Administrator', privs: 'VM.Audit,VM.Clone' }]),
  token: JSON.stringify({ value: crypto.randomUUID() }),
};

/** The node's end behind that shell, and the words that it was sent. */
async function aWatchedNode(shell: string, user = 'root') {
  const recorder = aRecorder(temporaryFolder(), shell, ANSWERS, user);
  const meant: (readonly string[])[] = [];
  const session = await openNode(recorder.connection, SSH, () => undefined);
  const node: NodeSession = {
    run: (words) => {
      meant.push(words);
      return session.run(words);
    },
  };
  return { recorder, node, meant };
}

const changesTheNode = ([name, , verb]: readonly string[]) => name === 'pveum' && verb !== 'list';

/** What an argument of a program can hold: no NUL, and no half of a character. */
const asBytes = (word: string) => Buffer.from(word.replaceAll('\0', '')).toString();

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

test.each(SHELLS)('behind %s, hostile words arrive as they are', async (shell) => {
  const { recorder, node } = await aWatchedNode(shell);
  await fc.assert(
    fc.asyncProperty(fc.array(hostile), async (words) => {
      await node.run(['pveum', ...words]);
      expect(recorder.take()).toEqual([['pveum', ...words.map(asBytes)]]);
      expect(recorder.strays()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test.each(['root', 'admin'])('as %s, every step gives the very words, or nothing at all', async (user) => {
  const { recorder, node } = await aWatchedNode('/bin/sh', user);
  const before = user === 'root' ? [] : ['sudo', '-n'];
  await fc.assert(
    fc.asyncProperty(arbStep, async (step) => {
      let words: readonly string[] | undefined;
      try {
        words = commandOf(step);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
      if (words !== undefined) await node.run(words);
      const sent = words === undefined ? [] : [[...before, ...words.map(asBytes)]];
      expect(recorder.take().slice(0, 1)).toEqual(sent);
      expect(recorder.strays()).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('the verbs give the very words with hostile text in any setting, or nothing at all', async () => {
  const { recorder, node, meant } = await aWatchedNode('/bin/sh');
  const clock = { now: () => 0, sleep: async () => undefined };
  const quiet = { report: () => undefined, did: () => undefined, isOrphan: () => false };
  const run = { node, clock, lockSeconds: 0, ...quiet };
  const handoff = { write: async () => undefined, complete: async () => undefined, abandon: async () => undefined };
  const effects = { openHandoff: async () => handoff, verify: async () => undefined };
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
    { numRuns: 150 },
  );
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

test('the canaries would be seen: a command line with more in it leaves one', async () => {
  const recorder = aRecorder(temporaryFolder(), '/bin/sh', ANSWERS);
  const { ended, onOutput } = await recorder.connection.start('pveum x; touch canary');
  onOutput(() => undefined);
  await ended;
  expect(recorder.strays()).toEqual(['canary']);
  expect(recorder.take()).toEqual([['pveum', 'x']]);
});
