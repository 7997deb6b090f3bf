import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { quote } from '../../../bootstrap/ssh';

describe('quote', () => {
  test.each([
    [['pveum', 'user', 'list'], 'pveum user list'],
    [['--path', '/vms/100', 'opentofu@pve!token'], "--path /vms/100 'opentofu@pve!token'"],
    [['printf', ''], "printf ''"],
    [["it's"], "'it'\\''s'"],
    [['a\\b'], "'a'\\\\'b'"],
    [['env', 'LC_ALL=C.UTF-8'], 'env LC_ALL=C.UTF-8'],
    [['LC_ALL=C'], "'LC_ALL=C'"],
    [['=ls', '~', '$(reboot)'], "'=ls' '~' '$(reboot)'"],
    [['Größe'], "'Größe'"],
  ])('writes %j as %s', (words, line) => {
    expect(quote(words)).toBe(line);
  });

  test.each([['a\0b'], ['a\nb'], ['\u001b[2J'], ['\u007f'], ['\u0085'], ['\ud800']])('refuses %j', (word) => {
    expect(() => quote(['echo', word])).toThrow(RangeError);
  });

  const words = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'\'"\\$`!~*?[]{}()<>|&;#=%^-@ ab') }),
    ),
    { minLength: 1, maxLength: 5 },
  );
  const quotable = words.filter((list) => list.every((word) => !/[\p{Cc}\u2028\u2029\p{Surrogate}]/u.test(word)));

  // One process reads many lines: starting one for each would take minutes.
  test.each(['/bin/sh', '/bin/bash', '/bin/dash', '/bin/zsh', '/usr/bin/fish'].filter((shell) => existsSync(shell)))(
    '%s reads back the very words',
    (shell) => {
      fc.assert(
        fc.property(fc.array(quotable, { minLength: 200, maxLength: 200 }), (lists) => {
          const script = lists.map((list) => `${quote(['printf', '%s\\0', ...list])}\n`).join('');
          const output = execFileSync(shell, ['-s'], { input: script, encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } });
          expect(output.split('\0').slice(0, -1)).toEqual(lists.flat());
        }),
        { numRuns: 10 },
      );
    },
  );
});
