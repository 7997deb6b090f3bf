/** Config files made of parts, each of which OpenSSH takes. */
import fc from 'fast-check';

import type { Trial } from './world';

const HEADS = [
  ...[
    'Host pve',
    'Host *',
    'Host p?e !x',
    'Host * !pve',
    'Host PVE',
    'Host b i',
    'Host !b *',
    'HOST = "pve"',
    'host\tpve b',
  ],
  ...['Match all', 'Match host 127.0.0.1', 'Match host *,!127.*', 'Match !host pve', 'Match originalhost pve,b'],
  ...['Match user alice', 'Match user ME', 'Match localuser ME', 'Match !localuser ME', 'match  USER=alice'],
  ...[
    'Match exec true',
    'Match !exec false',
    'Match exec "test %p = NODE"',
    'Match originalhost pve exec "test %n = pve"',
  ],
  ...['Match final', 'Match final all', 'Match final host 127.*', 'Match canonical all', 'Match !final host 127.0.0.1'],
];

const LINES = [
  ...[
    'User alice',
    'User bob',
    'User ME',
    'user="ME"',
    'Port NODE',
    'PORT = NODE',
    'Port BASTION',
    'HostName 127.0.0.1',
  ],
  ...['IdentityFile "DIR/key 2"', "IdentityFile 'DIR/key 2'", 'IdentityFile DIR/%n%u', 'IdentityFile DIR/key3'],
  ...[
    'IdentityFile ${WORLD}/key1',
    'IdentityFile none',
    'IdentitiesOnly yes',
    'IdentityAgent AGENT',
    'IdentityAgent none',
  ],
  ...['ProxyJump b', 'ProxyJump b,i', 'ProxyJump ME@127.0.0.1:INNER', 'ProxyJump none', 'ProxyJump alice@i'],
  ...['ProxyCommand "NODEJS" DIR/relay.cjs %h %p', 'ProxyCommand none', 'HostKeyAlias [127.0.0.1]:NODE'],
  ...[
    'CanonicalizeHostname yes',
    'CanonicalizeHostname no',
    'PubkeyAuthentication no',
    'Ciphers aes256-ctr',
    '# nothing',
  ],
  ...['Include DIR/part-[ab]', 'Include TILDE/part-*', 'Include DIR/nowhere', 'HostKeyAlgorithms ^rsa-sha2-512'],
  ...['UserKnownHostsFile DIR/known_hosts /dev/null', 'UserKnownHostsFile none', 'RequiredRSASize 3072'],
];

/** First, or a jump host would be looked for through itself for ever. Releases differ in whose agent it inherits, so it has none. */
const JUMPS =
  'Host b i 127.0.0.1\n IdentityAgent none\nHost b i\n HostName 127.0.0.1\n ProxyJump none\nHost b\n Port BASTION\nHost i\n Port INNER\n';
/** Last: there is always somewhere to go. */
const FALLBACK = 'Match all\n HostName 127.0.0.1\n Port NODE\n';

const lines = (most: number) =>
  fc.array(fc.constantFrom(...LINES), { maxLength: most }).map((list) => list.join('\n  '));
const block = fc.tuple(fc.constantFrom(...HEADS), lines(4)).map(([head, body]) => `${head}\n  ${body}\n`);
const option = (...values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const plain = lines(2).map((body) => body.replace(/^\s*Include.*$/gm, ''));

export const aTrial: fc.Arbitrary<Trial> = fc.record({
  config: fc.tuple(lines(2), fc.array(block, { maxLength: 5 })).map(([top, blocks]) => {
    // What would make `Host b i` jump must not come before it.
    return `${JUMPS}Match all\n${top}\n${blocks.join('')}${FALLBACK}`;
  }),
  settings: fc.record({
    user: option('alice', 'ME'),
    port: option('NODE', 'INNER'),
    jump: option('b', 'i,b', 'ME@127.0.0.1:INNER'),
  }),
  files: fc.record({ 'part-a': plain, 'part-b': plain }),
});
