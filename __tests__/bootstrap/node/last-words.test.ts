import { expect, test } from 'vitest';
import { lastWords } from '../../../bootstrap/node/last-words';

const LOCALE = [
  'perl: warning: Setting locale failed.',
  'perl: warning: Please check that your locale settings:',
  '\tLANGUAGE = (unset),',
  '\tLC_ALL = "de_DE.UTF-8",',
  '\tLANG = "en_US.UTF-8"',
  '    are supported and installed on your system.',
  'perl: warning: Falling back to the standard locale ("C").',
];
const SECRET = '01234567-89ab-cdef-0123-456789ABCDEF';

test.each<[string, readonly string[], string]>([
  ['the last line', ['first', '', '  last  ', ''], 'last'],
  [
    'not the wait for a lock',
    [...Array(400).fill("trying to acquire cfs lock 'file-user_cfg' ..."), "user 'jo@pve' already exists"],
    "user 'jo@pve' already exists",
  ],
  [
    'nor the usage',
    [
      '400 Parameter verification failed.',
      "privs: invalid privilege 'VM.Monitor'",
      'pveum role add <roleid> [OPTIONS]',
    ],
    "privs: invalid privilege 'VM.Monitor'",
  ],
  ['nor locale warnings, before it or behind', [...LOCALE, 'please run as root', ...LOCALE], 'please run as root'],
  [
    'nor what set -x shows, or user.cfg is warned of',
    ['no space', '+ exec perl', "user config - ignore invalid acl token 'x'"],
    'no space',
  ],
  [
    'chatter where there is nothing else',
    ['perl: warning: Setting locale failed.'],
    'perl: warning: Setting locale failed.',
  ],
  ['without a secret, however it is written', [`value: ${SECRET}`], 'value: ********'],
  ['without what moves a cursor', ['\u001b[2Ja\u009bb\u0007'], '?[2Ja?b?'],
  ['that there are none', [' ', ''], 'it gave no reason'],
])("a failed command's last words are %s", (_, lines, words) => {
  expect(lastWords({ stderr: lines.join('\n') })).toBe(words);
});

test('they are cut after 300 characters', () => expect(lastWords({ stderr: 'x'.repeat(1_000_000) })).toHaveLength(300));
