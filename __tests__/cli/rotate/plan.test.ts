import { describe, expect, test } from 'vitest';
import { planRotation, type RotationWish } from '../../../cli/rotate/plan';
import type { ClusterEntry } from '../../../constructs/input/entry';

const WISH: RotationWish = { withoutOutage: false, finish: false, today: '2027-01-31' };

function anEntry(over: Partial<ClusterEntry> = {}): ClusterEntry {
  return { name: 'nuc', identity: 'opentofu@pve!ci', generation: '1', retain: [], ...over } as ClusterEntry;
}

function edited(entry: ClusterEntry, wish: Partial<RotationWish> = {}) {
  const { edits } = planRotation([entry], { ...WISH, ...wish });
  return edits.map(({ path, value }) => [path.join('.'), value]);
}

describe('a rotation edits the generation', () => {
  test.each([
    ['1', '2'],
    ['09', '10'],
    ['2026-05', '2027-01-31'],
    ['2027-01-31', '2027-01-31.2'],
  ])('%s becomes %s', (generation, next) => {
    expect(edited(anEntry({ generation }))).toEqual([['proxmox.nuc.bootstrap.generation', next]]);
  });

  test('the one that is named is taken, and refused where it is there already', () => {
    expect(edited(anEntry(), { generation: 'x' })).toEqual([['proxmox.nuc.bootstrap.generation', 'x']]);
    expect(() => edited(anEntry(), { generation: '1' })).toThrow('has generation `1` already');
  });
});

describe('a rotation without an outage', () => {
  test('makes a second token and keeps the first', () => {
    expect(edited(anEntry(), { withoutOutage: true })).toEqual([
      ['proxmox.nuc.api_token', 'opentofu@pve!ci-2'],
      ['proxmox.nuc.bootstrap.retain', ['opentofu@pve!ci']],
    ]);
  });

  test('counts on, past tokens that are kept', () => {
    const entry = anEntry({ identity: 'opentofu@pve!ci-2', retain: ['opentofu@pve!ci-3'] });
    expect(edited(entry, { withoutOutage: true })[0]).toEqual(['proxmox.nuc.api_token', 'opentofu@pve!ci-4']);
  });

  test('is finished by keeping none, and cannot be finished twice', () => {
    const entry = anEntry({ retain: ['opentofu@pve!ci'] });
    expect(edited(entry, { finish: true })).toEqual([['proxmox.nuc.bootstrap.retain', []]]);
    expect(() => edited(anEntry(), { finish: true })).toThrow('there is nothing to finish');
    expect(() => edited(entry, { finish: true, withoutOutage: true })).toThrow('use one of them');
  });
});
