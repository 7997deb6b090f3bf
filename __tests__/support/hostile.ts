import fc from 'fast-check';

/** Would leave a file named `canary` behind where a shell ran any of it. */
const COMMANDS = [
  ...['; touch canary', '&& touch canary', '| touch canary', '$(touch canary)', '`touch canary`', '\ntouch canary\n'],
  ...[
    "'; touch canary; '",
    '"; touch canary; "',
    '> canary',
    '${IFS}touch${IFS}canary',
    '& touch canary &',
    '<(touch canary)',
  ],
];
const PIECES = [
  ...[
    '',
    ' ',
    '-',
    '--',
    '-x',
    '--all',
    '--output-format',
    '*',
    '?',
    '[a]',
    '{a,b}',
    '~',
    '~root',
    '#',
    '!',
    '!!',
    '=',
    'A=b',
  ],
  ...[
    "'",
    '"',
    '\\',
    '\\\\',
    "\\'",
    '$',
    '$$',
    '${',
    '%{',
    '${HOME}',
    '$HOME',
    '%s',
    '\t',
    '\r',
    '\n',
    '\0',
    '\u001b[2J',
    '\u009b',
  ],
  ...[
    'ä',
    'Größe',
    '🔑',
    '\u202e',
    '\u2028',
    '\ud800',
    '\ufeff',
    ']',
    '[cdktf-proxmox-tokens x/y user]',
    ':',
    ',',
    ';',
    '@',
    '/',
    '../..',
  ],
];

/** Text that somebody could put where a name or a comment is expected, and hope. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom(...COMMANDS, ...PIECES, 'a', 'VM.Audit', 'jo@pve'), { maxLength: 5 })
      .map((p) => p.join('')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('x'.repeat(3000), `${'x'.repeat(70)}@pve`, `a${';'.repeat(500)}`, "'".repeat(300)),
  },
);
