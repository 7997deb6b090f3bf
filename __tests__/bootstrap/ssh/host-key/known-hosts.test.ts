import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { planAlgorithms } from '../../../../bootstrap/ssh/host-key/check';
import { judge, knownTypes, namesMatch, parseKnownHosts } from '../../../../bootstrap/ssh/host-key/known-hosts';
import { publicKey } from '../../../../bootstrap/ssh/public-key';
import type { Stop } from '../../../../bootstrap/ssh/stop';
import { makeKey } from '../support';

const ours = makeKey();
const other = makeKey();
const ecdsa = makeKey('ecdsa');
const rsa = makeKey('rsa');

function hashed(name: string): string {
  const salt = Buffer.from('twenty bytes of salt');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

const verdict = (text: string, names: { hostKeyName: string; hostKeyFallback?: string } = { hostKeyName: 'pve' }) =>
  judge(parseKnownHosts(text, 'known_hosts'), names, publicKey(ours.blob));

describe('names', () => {
  test.each([
    ['pve', 'pve', true],
    ['PVE', 'pve', true],
    ['a,pve,b', 'pve', true],
    ['*.example,!bad.example', 'pve.example', true],
    ['*.example,!bad.example', 'bad.example', false],
    ['10.0.0.?', '10.0.0.7', true],
    ['10.0.0.1', '10a0b0c1', false],
    ['[pve]:2222', '[pve]:2222', true],
    ['pve', '[pve]:2222', false],
    ['pv', 'pve', false],
    [hashed('pve'), 'pve', true],
    [hashed('[pve]:2222'), '[pve]:2222', true],
    [hashed('other'), 'pve', false],
    ['|1|broken', 'pve', false],
  ])('%s against %s: %s', (names, host, expected) => {
    expect(namesMatch(names, host)).toBe(expected);
  });
});

describe('a key that a host shows', () => {
  test.each<[string, string, unknown]>([
    ['is known by its line', `# ours\n\npve ${ours.public} comment\n`, { kind: 'known' }],
    ['is known by a hashed line', `${hashed('pve')} ${ours.public}`, { kind: 'known' }],
    ['is known if one of several lines has it', `pve ${other.public}\npve ${ours.public}`, { kind: 'known' }],
    [
      'is changed if another of its type is known',
      `x ${ours.public}\npve ${other.public}\n`,
      { kind: 'changed', places: [`known_hosts:2 (${other.fingerprint})`] },
    ],
    [
      'is unknown if only other types are known',
      `pve ${rsa.public}\npve ${ecdsa.public}\n`,
      { kind: 'unknown', otherTypes: ['ssh-rsa', 'ecdsa-sha2-nistp256'], authorities: [] },
    ],
    ['is unknown in an empty file', '', { kind: 'unknown', otherTypes: [], authorities: [] }],
    [
      'is revoked even if another line knows it',
      `pve ${ours.public}\n@revoked * ${ours.public}\n`,
      { kind: 'revoked', places: [`known_hosts:2 (${ours.fingerprint})`] },
    ],
    [
      'is not touched by another key’s revocation',
      `@revoked * ${other.public}\npve ${ours.public}\n`,
      { kind: 'known' },
    ],
    [
      'is not vouched for by a certificate authority',
      `@cert-authority *,!x ${ours.public}\n`,
      { kind: 'unknown', otherTypes: [], authorities: [`known_hosts:1 (${ours.fingerprint})`] },
    ],
    [
      'is not known by a line that is no line',
      `pve ${ours.public.replace(' ', '')}\npve\npve ssh-ed25519 !!!\n`,
      { kind: 'unknown', otherTypes: [], authorities: [] },
    ],
  ])('%s', (_title, text, expected) => {
    expect(verdict(text)).toEqual(expected);
  });

  const names = { hostKeyName: '[pve]:2222', hostKeyFallback: 'pve' };
  test.each<[string, string, unknown]>([
    ['is known under its port', `[pve]:2222 ${ours.public}`, { kind: 'known' }],
    ['is known under the bare name if nothing stands under the port', `pve ${ours.public}`, { kind: 'known' }],
    [
      'is unknown, not changed, if the bare name has another',
      `pve ${other.public}`,
      { kind: 'unknown', otherTypes: [], authorities: [] },
    ],
    [
      'is changed if the port has another, whatever the bare name has',
      `[pve]:2222 ${other.public}\npve ${ours.public}`,
      { kind: 'changed', places: [`known_hosts:1 (${other.fingerprint})`] },
    ],
    [
      'is revoked under the bare name too',
      `[pve]:2222 ${ours.public}\n@revoked pve ${ours.public}`,
      { kind: 'revoked', places: [`known_hosts:2 (${ours.fingerprint})`] },
    ],
  ])('on another port %s', (_title, text, expected) => {
    expect(verdict(text, names)).toEqual(expected);
  });
});

describe('what the server is asked for', () => {
  const stop = { hostKeyName: 'pve', algorithms: {} } as Stop;

  test('types that are known for the host come first, revoked ones do not count', () => {
    const entries = parseKnownHosts(`pve ${rsa.public}\n@revoked pve ${ecdsa.public}\n`, 'known_hosts');
    expect(knownTypes(entries, stop)).toEqual(['ssh-rsa']);
    expect(planAlgorithms(stop, entries, [])).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]);
  });

  test('a type that was shown is not asked for again', () => {
    const seen = ['ssh-ed25519', 'ssh-rsa'].map((type) => ({ type, fingerprint: '' }));
    expect(planAlgorithms(stop, [], seen)).toEqual([
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]);
  });
});

test('whatever stands in known_hosts, a key is known only if it does, and never if it is revoked there', () => {
  const word = fc.oneof(
    fc.constantFrom('pve', '*', '!pve', 'pve,x', hashed('pve'), '|1|x|y', '@revoked', '@cert-authority', '#', ''),
    fc.constantFrom('ssh-ed25519', 'ssh-rsa', other.public, ours.public, ours.public.slice(0, -1), rsa.public),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));
  const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, (content) => {
      if (verdict(content).kind === 'known') expect(content).toContain(ours.public);
      expect(verdict(`${content}\n@revoked * ${ours.public}`).kind).toBe('revoked');
    }),
    { numRuns: 300 },
  );
});
