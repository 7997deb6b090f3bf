import fc from 'fast-check';
import { byHand, DEEDS } from './deeds';
import { deploy, destroy } from './deploys';
import { addEntry, type Command, editEntry, editRole, loseFiles, moveNode, removeEntry, spoilState } from './edits';
import type { Death } from './engine';
import { anEdit, anOwner, ENVIRONMENTS, type Entry, OWNERS, ROLES } from './entries';
import type { Fault } from './wire';
import type { How } from './world';

const aMoment = fc.integer({ min: 1, max: 40 });
const aCheckout = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const anEnvironment = fc.constantFrom(...ENVIRONMENTS);

const is = <const Kind extends string>(kind: Kind) => fc.constant(kind);
const isDown = fc.record({ kind: is('down'), node: fc.nat(1) });
const aFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: is('cut'), moment: fc.constantFrom('before' as const, 'after' as const), command: aMoment }),
  fc.record({ kind: is('full disk'), how: fc.constantFrom<true | 'halfway'>(true, 'halfway') }),
  fc.record({ kind: is('locked'), from: aMoment, commands: fc.integer({ min: 1, max: 12 }) }),
  isDown,
);
const aDeath: fc.Arbitrary<Death> = fc.record({
  how: fc.constantFrom<Death['how']>(
    'interrupted',
    'interrupted',
    'killed',
    'killed, counted as made',
    'killed, state old',
  ),
  moment: aMoment,
});

const usual = { checkout: aCheckout, order: fc.nat(99), parallel: fc.boolean() };
const anyWay: fc.Arbitrary<How> = fc.oneof(
  { weight: 4, arbitrary: fc.record(usual) },
  { weight: 2, arbitrary: fc.record({ ...usual, fault: aFault }) },
  { weight: 2, arbitrary: fc.record({ ...usual, death: aDeath }) },
);
const privileges = fc.constantFrom(['VM.Audit'], ['VM.Audit', 'VM.Allocate'], ['Datastore.Audit', 'VM.Audit']);

function aCommand(aWay: fc.Arbitrary<How>, anEdit: fc.Arbitrary<Partial<Entry>>): fc.Arbitrary<Command> {
  const either = fc.constantFrom<0 | 1>(0, 1);
  const generation = fc.constantFrom('1', '2', '3').map((generation) => ({ generation }));
  const spoil = fc.constantFrom<'lose' | 'roll back'>('lose', 'roll back');
  const lost = fc.constantFrom<'output' | 'hand-offs'>('output', 'hand-offs');
  return fc.oneof(
    often(6, addEntry, anOwner, anEdit),
    often(6, editEntry, anOwner, anEdit),
    often(3, editEntry, anOwner, generation),
    often(2, removeEntry, anOwner),
    often(1, editRole, fc.constantFrom(...ROLES), privileges),
    often(1, moveNode, fc.nat(1)),
    often(12, deploy, anEnvironment, aWay),
    often(1, destroy, anEnvironment, aWay),
    often(5, byHand, fc.constantFrom(...Object.keys(DEEDS)), anOwner),
    often(1, spoilState, anEnvironment, spoil),
    often(2, loseFiles, anEnvironment, either, lost),
  );
}

const often = <Given extends unknown[]>(
  weight: number,
  make: (...given: Given) => Command,
  ...given: { [Key in keyof Given]: fc.Arbitrary<Given[Key]> }
) => ({ weight, arbitrary: fc.tuple(...given).map((some) => make(...(some as Given))) });

/** What stands in the files at first, and what then happens to two environments, in any order. */
const livesOf = (aWay: fc.Arbitrary<How>, anEdit: fc.Arbitrary<Partial<Entry>>, options: fc.CommandsContraints) =>
  fc.record({
    start: fc
      .subarray([...OWNERS], { minLength: 1 })
      .chain((owners) => fc.tuple(...owners.map((owner) => anEdit.map((edit) => addEntry(owner, edit))))),
    // Not one list a kind: the commands of a kind differ in how often they come.
    commands: fc.commands([aCommand(aWay, anEdit)], { size: 'max', ...options }),
  });

export const lives = (replayPath?: string) =>
  livesOf(anyWay, anEdit, { maxCommands: 40, ...(replayPath === undefined ? {} : { replayPath }) });

/** Lives in which nothing depends on the order in which verbs run, nor on the moment at which something goes wrong. */
export function quietLives() {
  const calm = { checkout: aCheckout, order: fc.constant(0), parallel: fc.constant(false) };
  const aWay: fc.Arbitrary<How> = fc.oneof(
    { weight: 4, arbitrary: fc.record(calm) },
    { weight: 1, arbitrary: fc.record({ ...calm, fault: isDown }) },
  );
  const bold = anEdit.map((edit) => ({ ...edit, changeOthers: true }));
  return livesOf(aWay, bold, { maxCommands: 12 });
}
