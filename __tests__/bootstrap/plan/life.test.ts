import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sectionOf } from '../../../contract/mark';
import { Refusal } from '../../../contract/refusal';
import type { Owner, TokenVerbSettings } from '../../../contract/settings';
import {
  apartFrom,
  isAsWanted,
  losesNothing,
  rightsOf,
  settled,
  unaccounted,
  userOf,
  withoutLists,
} from './invariants';
import { arbEvent, arbNode, type Event, OWNERS, settingsOf } from './lives';
import { Cut, Lacking, PaperNode, runVerb, type Verb } from './paper-node';

const LIVES = Number(process.env.LIVES ?? 150);
const DEPLOY: readonly Verb[] = ['access', 'token'];
/** What an entry may be refused for, on a node that nobody else changes meanwhile. */
const REFUSED = ['OTHERS_CHANGE', 'ROLE_SHARED', 'TOKEN_OF_ANOTHER', 'TOKEN_EXISTS', 'SETTINGS_UNSAID', 'USER_MISSING'];

/** Whether the verbs went through. A refusal comes before the first change of its verb. */
async function wentThrough(node: PaperNode, verbs: readonly Verb[], settings: TokenVerbSettings): Promise<boolean> {
  node.history = [node.files];
  for (const verb of verbs) {
    const { files } = node;
    try {
      await runVerb(node, verb, settings);
    } catch (error) {
      if (error instanceof Lacking && files['user.cfg'].includes('NoAccess')) return false;
      if (!(error instanceof Refusal)) throw error;
      expect(REFUSED, error.message).toContain(error.code);
      // What a release cannot do it tells only when it is asked to.
      if (error.code !== 'SETTINGS_UNSAID') expect(node.files, error.message).toBe(files);
      return false;
    }
  }
  return true;
}

/** Runs verbs to their end, then again; and from the start once more, with a cut somewhere. */
async function live(node: PaperNode, verbs: readonly Verb[], settings: TokenVerbSettings, cut: number) {
  const start = node.files;
  if (!(await wentThrough(node, verbs, settings))) return false;
  const { history, files } = node;
  losesNothing(node, history);
  expect(await wentThrough(node, verbs, settings), 'a second run goes through').toBe(true);
  expect(node.history.slice(1), 'a second run changes nothing').toEqual([]);

  node.files = start;
  node.budget = cut % Math.max(1, history.length - 1);
  await wentThrough(node, verbs, settings).catch((error) => {
    if (!(error instanceof Cut)) throw error;
  });
  node.budget = Number.POSITIVE_INFINITY;
  expect(await wentThrough(node, verbs, settings), 'the run after a cut goes through').toBe(true);
  expect(settled(node, settings), 'after a cut').toEqual(settled(new PaperNode(node.release, files), settings));
  node.files = files;
  return true;
}

const only = (wanted: readonly string[]) => (all: readonly string[]) => all.every((one) => wanted.includes(one));

/** One entry on its way. */
interface Entry {
  /** What was tried last, and whether it went through. */
  readonly last?: TokenVerbSettings;
  readonly done: boolean;
  /** Tried before: under identities that are retained, or left in part by a deploy that failed since. */
  readonly older: readonly TokenVerbSettings[];
}

/** A node with its entries, from the first event to the removal of all. */
class Life {
  readonly node: PaperNode;
  readonly entries: Entry[] = OWNERS.map(() => ({ done: false, older: [] }));
  /** All that an entry ever named. */
  readonly named: TokenVerbSettings[] = [];

  constructor(readonly start: PaperNode) {
    this.node = new PaperNode(start.release, start.files);
  }

  async happen(event: Event): Promise<void> {
    const { last } = this.entry(event.who);
    if (event.kind === 'deploy') {
      const { wanted, retains } = event;
      const retain = retains && last !== undefined && last.identity !== wanted.identity ? [last.identity] : [];
      return this.deploy(event.who, settingsOf(this.owner(event.who), wanted, retain), event.cut);
    }
    await this.remove(event.who, event.cut);
    if (event.kind === 'rename' && last !== undefined && this.entry(event.to).last === undefined)
      await this.deploy(event.to, { ...last, owner: this.owner(event.to) }, event.cut);
  }

  async remove(who: number, cut: number): Promise<void> {
    const { last } = this.entry(who);
    // The engine revokes with what it last tried to apply.
    if (last !== undefined) expect(await live(this.node, ['revoke'], last, cut), 'a removal goes through').toBe(true);
    this.entries[who] = { done: false, older: [] };
  }

  private async deploy(who: number, settings: TokenVerbSettings, cut: number): Promise<void> {
    const { last, older } = this.entry(who);
    this.named.push(settings);
    const before = [...older, ...(last === undefined ? [] : [last])];
    const done = await live(this.node, DEPLOY, settings, cut);
    // An entry that comes to leave user, role and ACL to others leaves also what it made of them.
    const { identity, retain, access } = settings;
    const leaves = access.role === undefined && !identity.startsWith('root@');
    if (done) expect(this.tokensOf(settings.owner), 'older tokens are gone').toSatisfy(only([identity, ...retain]));
    const stays = (one: TokenVerbSettings) => !done || leaves || retain.map(userOf).includes(userOf(one.identity));
    this.entries[who] = { last: settings, done, older: before.filter(stays) };
  }

  /** Tokens that carry the owner's mark, but for what was there before: that others may have written. */
  private tokensOf(owner: Owner): string[] {
    const tokens = [...this.node.found.tokens.values()].filter(
      ({ identity }) => !this.start.found.tokens.has(identity),
    );
    return tokens.filter(({ comment }) => sectionOf(comment, owner) !== undefined).map(({ identity }) => identity);
  }

  /** After each event. */
  async check(): Promise<void> {
    const { node, start, named } = this;
    const live = this.entries.flatMap(({ last, older }) => [...older, ...(last === undefined ? [] : [last])]);
    expect(unaccounted(node.found, start.found, live), 'of nobody').toEqual([]);
    if (named.some(({ access }) => access.change_others)) return;
    this.checkOthers();
    const { files, found } = node;
    for (const { done, last } of this.entries) {
      if (last === undefined || !done) continue;
      isAsWanted(node, last);
      if (await wentThrough(node, DEPLOY, last))
        expect(withoutLists(node.found), 'an entry misses nothing').toEqual(withoutLists(found));
      node.files = files;
    }
  }

  private checkOthers(): void {
    const { node, start, named } = this;
    const identities = named.map(({ identity }) => identity);
    const people = [...start.found.users.keys(), ...start.found.tokens.keys()].filter((id) => !identities.includes(id));
    const apart = people.filter((id) => id !== 'root@pam' && !identities.map(userOf).includes(id));
    expect(rightsOf(node, apart), 'others have what they had').toEqual(rightsOf(start, apart));
    // The list of a role, and with it what the entry's own user has through it, the entry says.
    if (named.some(({ access }) => start.found.roles.has(access.role ?? ''))) return;
    expect(rightsOf(node, people), 'nobody loses').toEqual(expect.arrayContaining(rightsOf(start, people)));
  }

  private entry(who: number): Entry {
    return this.entries[who] ?? { done: false, older: [] };
  }

  private owner(who: number) {
    return OWNERS[who] ?? OWNERS[0];
  }
}

test('whatever entries become on a node, cut off anywhere, they do what they say and leave it as it was', async () => {
  let lives = 0;
  await fc.assert(
    fc.asyncProperty(arbNode, fc.array(arbEvent, { minLength: 1, maxLength: 6 }), async (start, events) => {
      lives += 1;
      const life = new Life(start);
      for (const event of events) {
        await life.happen(event);
        await life.check();
      }
      for (const who of OWNERS.keys()) await life.remove(who, 3);
      expect(apartFrom(life.named, life.node.found)).toEqual(apartFrom(life.named, start.found));
    }),
    { numRuns: LIVES },
  );
  expect(lives).toBe(LIVES);
}, 600_000);
