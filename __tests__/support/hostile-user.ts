import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { MARK } from '../../contract/mark';
import type { SimulatedNode } from '../../simulator/node';
import { traitsOf } from '../../simulator/pveum/releases';
import { encodeText } from '../../simulator/pveum/text';
import { runWords } from '../../simulator/shell/run';
import { addSecret } from './on-node';

/** What a user may write who has no right to change users: tokens of his own, with any comment. */
export interface Scribble {
  readonly userid: string;
  readonly tokenid: string;
  readonly comment: string;
  readonly privsep: 0 | 1;
  /** By `pveum`, which takes 2048 characters and no line break, or as other releases and programs may have left it. */
  readonly way: 'pveum' | 'file';
}

/** Users that an administrator made; none of them may change a user. */
export const SCRIBBLERS = ['eve@pve', 'jürgen@pve', 'o,p;q@pve', 'a!b@pve'];

const OWNERS = ['lab/nuc', 'lab/other', 'prod/nuc', 'lab/nuc/x', 'lab', '../..', 'constructor/__proto__', ''];
const CLAIMS = [
  ...[
    'user',
    'role:HumanRole',
    'role:opentofu-role',
    'role:HumanRole#00000000',
    'role:',
    'generation=1',
    'generation=2',
  ],
  ...[
    'acl:/:HumanRole',
    'acl:/:opentofu-role',
    'acl:/:backup-role:jo@pve',
    'acl:/storage/local:backup-role:jo@pve!backup',
  ],
  ...['acl:/vms:PVEVMUser:ops', 'acl:::', 'token:jo@pve!backup', 'token:root@pam!monitoring', 'token:x'],
  ...['adopted', 'taken-over', 'made', '--delete', '__proto__', '-'],
];
const NOISE = [
  '\n',
  '\r\n',
  '\t',
  '\0',
  '\u001b]0;x\u0007',
  '\u202e',
  '\u2028',
  'ä',
  '🔑',
  '%0A',
  '%',
  ':',
  ']',
  '[',
  '"',
  ' ',
];

const mark = fc
  .tuple(fc.constantFrom(...OWNERS), fc.array(fc.constantFrom(...CLAIMS), { maxLength: 4 }), fc.boolean())
  .map(([owner, claims, closed]) => `${MARK}${[owner, ...claims].join(' ')}${closed ? ']' : ''}`);

export const comment = fc
  .array(fc.oneof({ weight: 3, arbitrary: mark }, fc.constantFrom(...NOISE), fc.string({ unit: 'binary' })), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));

const tokenid = fc.oneof(
  fc.constantFrom('ci', 'opentofu-token', 'constructor', 'toString', 'x-._', 'a'.repeat(200)),
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{1,12}$/),
);

export const scribble: fc.Arbitrary<Scribble> = fc.record({
  userid: fc.constantFrom(...SCRIBBLERS),
  tokenid,
  comment,
  privsep: fc.constantFrom(0, 1),
  way: fc.constantFrom('pveum', 'file'),
});

/** Makes the token, or changes the comment of the one that is there. */
export async function write(node: SimulatedNode, { userid, tokenid, comment, privsep, way }: Scribble): Promise<void> {
  const identity = `${userid}!${tokenid}`;
  if (way === 'pveum') {
    for (const verb of ['add', 'modify']) {
      const words = ['pveum', 'user', 'token', verb, userid, tokenid, '--comment', comment, '--privsep', `${privsep}`];
      // Refused where the node takes no such comment, or has the token.
      await runWords(words, { root: node.root, user: 'root', env: { LC_ALL: 'C.UTF-8' } });
    }
    return;
  }
  const file = join(node.root, 'etc/pve/user.cfg');
  const name = Buffer.from(identity).toString('latin1');
  const others = readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => !line.startsWith(`token:${name}:`));
  const line = `token:${name}:0:${privsep}:${encodeText(comment, traitsOf(node.release).encodesPercent)}:`;
  writeFileSync(file, [...others, line, ''].join('\n'), 'latin1');
  addSecret(node, identity);
}
