import { expect } from 'vitest';
import { isOf, ledgersOn } from '../../bootstrap/plan/claims';
import { deploy, destroy } from './deploys';
import { ENVIRONMENTS, nameOf, OWNERS, type Owner, USERS } from './entries';
import { checkLeft } from './invariants';
import { found, isDisabled, markedTokens, secretsOf } from './look';
import { PLAIN, type World } from './world';

/**
 * The end of every life: all faults are over, every entry that left something stands in its file again, and the blocks that
 * touch a node are replaced, as the documents say for a node that was changed by hand. That has to succeed at once. After a
 * destroy the nodes are as the others have made them.
 */
export async function settle(world: World): Promise<void> {
  for (const owner of OWNERS) comeBack(world, owner);
  for (const people of world.people) {
    const disabled = USERS.filter((user) => isDisabled(people.node, user));
    for (const user of disabled) await people.type(false, `user modify ${user} --enable 1`);
  }
  for (const environment of ENVIRONMENTS) {
    const clusters = world.entriesOf(environment).map(([{ cluster }]) => cluster);
    const blocks = clusters.flatMap((name) => [`null_resource.${name}_access`, `null_resource.${name}_token`]);
    await deploy(environment, PLAIN, blocks).run(world, world);
  }
  for (const owner of OWNERS) expect(world.bookOf(owner).meddled, `${nameOf(owner)}: as it should be`).toBe(false);
  const adopted = world.people.flatMap(({ node, handMade }) =>
    [...secretsOf(node)].filter(([id, it]) => handMade.get(id) === it),
  );
  for (const environment of ENVIRONMENTS) {
    if (world.states.has(environment)) await destroy(environment, PLAIN).run(world, world);
  }
  checkLeft(world);
  const left = world.nodes.flatMap((node) => [...secretsOf(node)]);
  expect(left, 'tokens made by hand').toEqual(expect.arrayContaining(adopted));
}

function comeBack(world: World, owner: Owner): void {
  const name = nameOf(owner);
  const book = world.bookOf(owner);
  const node = world.nodeOf(owner);
  const left = book.started || ledgersOn(found(node)).some(isOf(owner)) || markedTokens(node, owner).length > 0;
  const entry = world.entries.get(name) ?? (left ? book.last : undefined);
  if (entry) world.entries.set(name, { ...entry, removal: 'revoke', onExisting: 'adopt', changeOthers: true });
}
