import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseUserCfg } from '../../../bootstrap/node/user-cfg';
import { planEntry } from '../../../bootstrap/plan/entry';
import { notesOn, planRelease } from '../../../bootstrap/plan/release';
import { wantedOf } from '../../../bootstrap/plan/wanted';
import { MARK } from '../../../contract/mark';
import { Refusal } from '../../../contract/refusal';
import type { SimulatedNode } from '../../../simulator/node';
import { factsOf } from '../../support/facts';
import { deployInside, runInside } from '../../support/inside';
import { aNode } from '../../support/node';
import { addSecret, atConsole } from '../../support/on-node';
import { type Entry, settingsFor } from '../../support/verbs';

/** More than a file of a node may hold. */
const MILLION = 1_000_000;

const repeated = (text: string) => (length: number) => text.repeat(Math.ceil(length / text.length));
const comment = (text: (length: number) => string) => (length: number) =>
  `token:eve@pve!mine:0:0:${text(length).replaceAll(':', '%3A')}:\n`;

/** What `eve@pve` may write, at any length, as it stands in `user.cfg`. */
const TEXTS: Readonly<Record<string, (length: number) => string>> = {
  'marks that are never closed': comment(repeated(MARK)),
  'one mark many times': comment(repeated(`${MARK}lab/nuc generation=1]`)),
  'a mark with many words': comment((length) => `${MARK}lab/nuc ${repeated('role:x ')(length)}]`),
  'a mark with a long word': comment((length) => `${MARK}${repeated('x')(length)}]`),
  brackets: comment(repeated('[]][')),
  blanks: comment((length) => `x${repeated(' ')(length)}x`),
  'bytes that are no text': (length) => `token:eve@pve!mine:0:0:${repeated('%FF%')(length)}:\n`,
  'fields without end': (length) => `token:eve@pve!mine:0:0:${repeated(':')(length)}\n`,
  'many tokens': (length) =>
    Array.from({ length: length / 80 }, (_, n) => `token:eve@pve!t${n}:0:0:${MARK}lab/nuc generation=1]:\n`).join(''),
};

const IDENTITIES = ['opentofu@pve!ci', 'root@pam!ci', 'eve@pve!new', 'eve@pve!mine'];

/** Processor time of all that is thought in a life of an entry, in milliseconds; the least of three. */
function thinking(identity: string, text: string): number {
  const settings = { ...settingsFor({ ssh: {}, api: {} } as SimulatedNode, { identity }), verify: undefined };
  const file = `user:root@pam:1:0:::::\nuser:eve@pve:1:0:::::\n${text}`;
  const once = () => {
    const start = process.cpuUsage();
    const found = parseUserCfg(file);
    for (const scope of ['access', 'token'] as const) {
      try {
        planEntry(wantedOf(settings, 0, ['VM.Audit']), found, scope);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    const parting = { owner: settings.owner, named: [identity], keep: [] };
    notesOn(parting, found, planRelease(parting, found));
    return process.cpuUsage(start).user / 1000;
  };
  return Math.min(once(), once(), once());
}

test.each(Object.keys(TEXTS))('%s: eight times the text takes no sixty-four times as long', (name) => {
  const text = TEXTS[name] ?? repeated('');
  for (const identity of IDENTITIES) {
    const [short, long] = [thinking(identity, text(MILLION / 8)), thinking(identity, text(MILLION))];
    // What takes no time at all cannot be compared.
    expect(long / Math.max(short, 5), identity).toBeLessThan(30);
  }
});

const ALONE: Entry = { access: { role: undefined, preset: undefined, acl: [] } };

/** The life of a token on a node with a million characters of that. */
async function live(name: string, entry: Entry) {
  const node = await aNode();
  await atConsole(node, 'pveum', 'user', 'add', 'eve@pve');
  appendFileSync(join(node.root, 'etc/pve/user.cfg'), TEXTS[name]?.(MILLION) ?? '');
  addSecret(node, 'eve@pve!mine');
  const before = factsOf(node);
  const settings = settingsFor(node, entry);
  await deployInside(settings, node);
  await runInside('revoke', settings, node);
  return { before, after: factsOf(node) };
}

test.each([
  ['marks that are never closed', {}],
  ['many tokens', { ...ALONE, identity: 'eve@pve!new' }],
])('%s, a million characters of it: no verb fails, and they stay', async (name, entry) => {
  const { before, after } = await live(name, entry);
  // A difference would be a million characters long, too.
  expect(after.join('\n') === before.join('\n')).toBe(true);
});

test('a comment of a million characters is cut to what a node takes where its token is adopted', async () => {
  const { after } = await live('brackets', { ...ALONE, identity: 'eve@pve!mine' });
  expect(after.find((fact) => fact.startsWith('token:eve@pve!mine:'))?.length).toBeLessThan(2100);
});
