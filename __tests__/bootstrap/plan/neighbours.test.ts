import { describe, expect, test } from 'vitest';
import { planEntry } from '../../../bootstrap/plan/entry';
import { lossesOfNeighbours } from '../../../bootstrap/plan/neighbours';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { anEntry, deployed, OTHER } from './support';

const everywhere = deployed(anEntry({ identity: 'tofu@pve!theirs', owner: OTHER }));
const told = (wanted: Wanted) => lossesOfNeighbours(wanted, everywhere, planEntry(wanted, everywhere, 'access'));

describe('an entry with the user of another entry', () => {
  test('is told what its lesser role on a deeper path takes from the token of the other', () => {
    const narrow = anEntry({ role: 'narrow', privileges: ['VM.Audit'], acl: ['/vms'] });
    expect(told(narrow)).toEqual([
      'careful, entry prod/nuc shares this user: tofu@pve!theirs loses VM.Allocate on /vms and below',
    ]);
  });

  test.each([
    ['where its role holds as much', anEntry({ acl: ['/vms'] })],
    ['where it has a user of its own', anEntry({ identity: 'ci@pve!ci', acl: ['/vms'] })],
  ])('is told nothing %s', (_, wanted) => expect(told(wanted)).toEqual([]));
});
