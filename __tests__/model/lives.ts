import fc from 'fast-check';
import { ByHand, DEEDS } from './deeds';
import { Deploy, Destroy } from './deploys';
import { AddEntry, type Command, EditEntry, EditRole, LoseFiles, MoveNode, RemoveEntry, SpoilState } from './edits';
import type { Death } from './engine';
import { anEdit, anEntry, anOwner, ENVIRONMENTS, ROLES } from './entries';
import type { Fault } from './wire';
import type { How, World } from './world';

const aMoment = fc.integer({ min: 1, max: 40 });
const aCheckout = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const anEnvironment = fc.constantFrom(...ENVIRONMENTS);
const noFault: Fault = { kind: 'none' };

const aFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('cut' as const),
    moment: fc.constantFrom('before' as const, 'after' as const),
    command: aMoment,
  }),
  fc.record({ kind: fc.constant('full disk' as const), how: fc.constantFrom<true | 'halfway'>(true, 'halfway') }),
  fc.record({ kind: fc.constant('locked' as const), from: aMoment, commands: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('down' as const), node: fc.nat(1) }),
);
const aDeath: fc.Arbitrary<Death> = fc.record({
  how: fc.constantFrom<Death['how']>('interrupted', 'interrupted', 'killed', 'killed, state old'),
  moment: aMoment,
});

function someWay(parallel: boolean): fc.Arbitrary<How> {
  const usual = { checkout: aCheckout, order: fc.nat(9), parallel: parallel ? fc.boolean() : fc.constant(false) };
  const good: fc.Arbitrary<How> = fc.record({ ...usual, fault: fc.constant(noFault) });
  const faulty: fc.Arbitrary<How> = fc.record({ ...usual, fault: aFault });
  const deadly: fc.Arbitrary<How> = fc.record({ ...usual, fault: fc.constant(noFault), death: aDeath });
  return fc.oneof({ arbitrary: good, weight: 4 }, { arbitrary: faulty, weight: 2 }, { arbitrary: deadly, weight: 2 });
}
const privileges = fc.constantFrom(['VM.Audit'], ['VM.Audit', 'VM.Allocate'], ['Datastore.Audit', 'VM.Audit']);

const kinds = (aWay: fc.Arbitrary<How>): { arbitrary: fc.Arbitrary<Command>; weight: number }[] => [
  { weight: 6, arbitrary: fc.tuple(anOwner, anEntry).map(([owner, entry]) => new AddEntry(owner, entry)) },
  { weight: 6, arbitrary: fc.tuple(anOwner, anEdit).map(([owner, edit]) => new EditEntry(owner, edit)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anOwner, fc.constantFrom('1', '2', '3'))
      .map(([owner, generation]) => new EditEntry(owner, { generation })),
  },
  { weight: 2, arbitrary: anOwner.map((owner) => new RemoveEntry(owner)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ROLES), privileges).map(([r, list]) => new EditRole(r, list)) },
  { weight: 1, arbitrary: fc.nat(1).map((node) => new MoveNode(node)) },
  { weight: 12, arbitrary: fc.tuple(anEnvironment, aWay).map(([name, how]) => new Deploy(name, how)) },
  { weight: 1, arbitrary: fc.tuple(anEnvironment, aWay).map(([name, how]) => new Destroy(name, how)) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...Object.keys(DEEDS)), anOwner)
      .map(([deed, owner]) => new ByHand(deed, owner)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anEnvironment, fc.constantFrom<'lose' | 'roll back'>('lose', 'roll back'))
      .map(([name, how]) => new SpoilState(name, how)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        anEnvironment,
        fc.constantFrom<0 | 1>(0, 1),
        fc.constantFrom<'output' | 'hand-offs'>('output', 'hand-offs'),
      )
      .map(([name, checkout, what]) => new LoseFiles(name, checkout, what)),
  },
];

/** What stands in the files at first, and what then happens to two environments, in any order. */
export interface Life {
  readonly start: readonly AddEntry[];
  readonly commands: Iterable<fc.AsyncCommand<World, World>>;
}

export function lives({ replayPath, parallel }: { replayPath?: string; parallel: boolean }): fc.Arbitrary<Life> {
  // Not one list a kind: the commands of a kind differ in how often they come.
  const one = fc.oneof(...kinds(someWay(parallel)));
  const replay = replayPath === undefined ? {} : { replayPath };
  const add = fc.tuple(anOwner, anEntry).map(([owner, entry]) => new AddEntry(owner, entry));
  return fc.record({
    start: fc.uniqueArray(add, { minLength: 1, maxLength: 5, size: 'max', selector: ({ name }) => name }),
    commands: fc.commands([one], { maxCommands: 40, size: 'max', ...replay }),
  });
}
