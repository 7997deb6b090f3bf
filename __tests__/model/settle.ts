import { expect } from 'vitest';
import { heldOn, isHeldBy } from '../../bootstrap/plan/claims';
import { Deploy, Destroy } from './deploys';
import { ENVIRONMENTS, nameOf, OWNERS, type Owner, USERS } from './entries';
import { checkLeft, handMadeSecrets } from './invariants';
import { found, isDisabled, secretsOf } from './look';
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
    for (const user of disabled) await people.type('changes', 'pveum', 'user', 'modify', user, '--enable', '1');
  }
  for (const environment of ENVIRONMENTS) {
    const blocks = world
      .ownersOf(environment)
      .flatMap(({ cluster }) => [`null_resource.${cluster}_access`, `null_resource.${cluster}_token`]);
    await new Deploy(environment, PLAIN, blocks).run(world);
  }
  for (const owner of OWNERS) expect(world.bookOf(owner).meddled, `${nameOf(owner)}: as it should be`).toBe(false);
  const adopted = handMadeSecrets(world);
  for (const environment of ENVIRONMENTS) {
    if (world.states.has(environment)) await new Destroy(environment, PLAIN).run(world);
  }
  checkLeft(world);
  for (const [index, identity, secret] of adopted) {
    const node = world.nodes[index];
    expect(node && secretsOf(node).get(identity), `${identity}: made by hand, it stays`).toBe(secret);
  }
}

function comeBack(world: World, owner: Owner): void {
  const name = nameOf(owner);
  const book = world.bookOf(owner);
  const entry = world.entries.get(name) ?? book.last;
  const left = heldOn(found(world.nodeOf(owner))).some(isHeldBy(owner)) || book.started;
  if (entry === undefined || !(left || world.entries.has(name))) return;
  world.entries.set(name, { ...entry, removal: 'revoke', onExisting: 'adopt' });
}
