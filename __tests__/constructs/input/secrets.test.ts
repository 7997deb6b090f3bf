import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../../constructs/input/problem';
import { redact } from '../../../constructs/input/redact';
import { checkText } from '../../../constructs/input/text';
import { check, GOOD_ENTRY } from './good';

const EXAMPLE = readFileSync('env/lab.tfvars', 'utf8');
const JSON_EXAMPLE =
  '{\n  "proxmox": {\n    "nuc": { "endpoint": "https://a.example.net", "api_token": "root@pam!ci" }\n  }\n}\n';

const secret = fc.uuid({ version: 4 });
const form = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
);

/** The message, or nothing if the text is accepted. */
async function messageOf(text: string, name = 'lab.tfvars'): Promise<string | undefined> {
  const found = await checkText(`env/${name}`, text);
  return Array.isArray(found) ? new InvalidInput('env', found).message : undefined;
}

const insert = (text: string, offset: number, piece: string) => text.slice(0, offset) + piece + text.slice(offset);

describe('a token with its secret, pasted anywhere', () => {
  test.each([
    ['lab.tfvars', EXAMPLE],
    ['lab.tfvars.json', JSON_EXAMPLE],
  ])('into %s, is refused and not shown', async (name, text) => {
    await fc.assert(
      fc.asyncProperty(secret, form, fc.nat(text.length), async (uuid, write, offset) => {
        const pasted = write(uuid);
        const message = await messageOf(insert(text, offset, `root@pam!ci=${pasted}`), name);
        expect(message).toContain('holds a secret');
        for (const part of [pasted, pasted.slice(0, 13), pasted.slice(-12)]) expect(message).not.toContain(part);
      }),
      { numRuns: 400 },
    );
  });

  test('a secret alone or cut short is not shown either, whether it is noticed or not', async () => {
    const cut = fc.integer({ min: 14, max: 36 });
    await fc.assert(
      fc.asyncProperty(secret, cut, fc.nat(EXAMPLE.length), async (uuid, length, offset) => {
        const pasted = uuid.slice(0, length);
        const message = await messageOf(insert(EXAMPLE, offset, pasted));
        expect(message ?? '').not.toContain(pasted);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a value of every key', () => {
  const keys = ['endpoint', 'username', 'insecure', 'api_token', 'bootstrap', 'extra'];
  const inner = [
    'role',
    'preset',
    'privileges',
    'acl',
    'expire',
    'comment',
    'generation',
    'retain',
    'ca_file',
    'verify',
  ];
  const ssh = ['host', 'port', 'user', 'identity_file', 'host_key', 'jump', 'sudo', 'timeouts'];
  const wrap = [(text: string): unknown => text, (text: string) => [text], (text: string) => ({ [text]: text })];

  test.each(wrap)('that is a token does not come back, shape %#', (shape) => {
    fc.assert(
      fc.property(secret, (uuid) => {
        const value = shape(`opentofu@pve!ci=${uuid}`);
        const entries = [
          ...keys.map((key) => ({ ...GOOD_ENTRY, [key]: value })),
          ...inner.map((key) => ({ ...GOOD_ENTRY, bootstrap: { ...GOOD_ENTRY.bootstrap, [key]: value } })),
          ...ssh.map((key) => ({ ...GOOD_ENTRY, bootstrap: { ...GOOD_ENTRY.bootstrap, ssh: { [key]: value } } })),
        ];
        for (const entry of entries) {
          const found = check(entry);
          expect(Array.isArray(found)).toBe(true);
          expect(JSON.stringify(found)).not.toContain(uuid.slice(0, 8));
        }
      }),
      { numRuns: 20 },
    );
  });
});

test.each([
  ['a secret', 'c0ffee00-1234-4abc-8def-0123456789ab', '(hidden)'],
  ['one without hyphens', 'c0ffee0012344abc8def0123456789ab', '(hidden)'],
  ['what follows an identity', 'root@pam!ci=hunter2, root@pam!ci = x', 'root@pam!ci=(hidden) root@pam!ci = (hidden)'],
  ['a password in a URL', 'https://root:hunter2@nuc', 'https://(hidden)@nuc'],
  ['a password without a URL', 'root:hunter2@nuc:22', 'root:(hidden)@nuc:22'],
  [
    'nothing else',
    'root@pam!ci, 192.168.0.37:22, /pool/lab, user@host',
    'root@pam!ci, 192.168.0.37:22, /pool/lab, user@host',
  ],
])('redact hides %s', (_, text, shown) => {
  expect(redact(text)).toBe(shown);
});
