import { describe, expect, test } from 'vitest';
import { look, lookForSecret, requireRole, secretIn, withRoleList } from '../../../bootstrap/node/look';
import type { Answer } from '../../../bootstrap/node/session';
import { FRESH } from '../plan/support';
import { refusalOf } from '../support';

const ok = (stdout: string, stderr = ''): Answer => ({ exit: 0, stdout, stderr });
const failed = (stderr: string, exit = 1): Answer => ({ exit, stdout: '', stderr });

/** A node with an answer for every first words. */
function aReader(answers: Readonly<Record<string, Answer>>) {
  const seen: string[] = [];
  const run = async (words: readonly string[]) => {
    const line = words.join(' ');
    seen.push(line);
    const [, answer] = Object.entries(answers).find(([start]) => line.startsWith(start)) ?? [];
    return answer ?? failed('no such command', 127);
  };
  return { seen, node: { run } };
}

const LISTS = {
  'pveum user list': ok('[{"userid":"root@pam","tokens":null}]'),
  'pveum role list': ok('[{"roleid":"Administrator","privs":"VM.Audit"}]'),
  'pveum acl list': ok('[]'),
};

describe('a node', () => {
  test('is read with one look at its file', async () => {
    const { seen, node } = aReader({ 'cat /etc/pve/user.cfg': ok('user:root@pam:1:0::::::\n', 'noise\n') });
    expect([...(await look(node)).users.keys()]).toEqual(['root@pam']);
    expect(seen).toEqual(['cat /etc/pve/user.cfg']);
  });

  test('is read from three lists where the file is closed', async () => {
    const { seen, node } = aReader({ cat: failed('sudo: a password is required'), ...LISTS });
    expect([...(await look(node)).users.keys()]).toEqual(['root@pam']);
    expect(seen.slice(1)).toEqual([
      'pveum user list --full 1 --output-format json',
      'pveum role list --output-format json',
      'pveum acl list --output-format json',
    ]);
  });

  test('that can be read in neither way is refused with what it said', async () => {
    const { node } = aReader({ cat: failed('x'), ...LISTS, 'pveum acl list': failed('sudo: a password is required') });
    await expect(look(node)).rejects.toThrow('cannot be read: sudo: a password is required.');
  });

  test.each(['', 'not JSON', '{"userid":', 'null', '{}', '[null]', '[{"userid":7,"tokens":7}]'])(
    'that answers %j instead of a list is refused',
    async (text) => {
      const { node } = aReader({ cat: failed('x'), ...LISTS, 'pveum user list': ok(text) });
      expect((await refusalOf(look(node))).code).toBe('NODE_UNREADABLE');
    },
  );

  test('gives its built-in roles where they are asked for', async () => {
    const found = await withRoleList(aReader(LISTS).node, FRESH);
    expect(found.roles.get('Administrator')?.privileges).toEqual(new Set(['VM.Audit']));
    requireRole(found, 'Administrator');
    requireRole(found, 'ours-to-make');
    expect(() => requireRole(found, 'PVENothing')).toThrow('The node has no built-in role `PVENothing`.');
  });
});

describe('a secret', () => {
  const identity = 'jo@pve!ci';
  const secret = '01234567-89ab-cdef-0123-456789abcdef';
  const line = `${identity} ${secret}\n`;

  test('is asked for alone, not with the others', async () => {
    const { seen, node } = aReader({ grep: ok(line) });
    expect(await lookForSecret(node, identity)).toEqual({ kind: 'there' });
    expect(seen).toEqual(['grep -F -e jo@pve!ci  /etc/pve/priv/token.cfg']);
  });

  test.each([
    ['its own line', line, secret],
    ['no line whose name ends like its own', `x${line}`, undefined],
    ['its own among such lines', `x${identity} ${crypto.randomUUID()}\n${line}`, secret],
    ['no line that holds no secret', `${identity} x\n`, undefined],
    ['no empty line', '', undefined],
  ])('is read from %s', async (_, stdout, expected) => {
    expect(secretIn(ok(stdout), identity)).toBe(expected);
    const kind = expected === undefined ? 'none' : 'there';
    expect(await lookForSecret(aReader({ grep: ok(stdout) }).node, identity)).toEqual({ kind });
  });

  test.each([
    ['is none where there is no such line', failed('', 1), { kind: 'none' }],
    [
      'may not be read',
      failed('sudo: a password is required'),
      { kind: 'unreadable', answer: 'sudo: a password is required' },
    ],
    [
      'is not there to be read',
      failed('grep: /etc/pve/priv/token.cfg: No such file', 2),
      { kind: 'unreadable', answer: 'grep: /etc/pve/priv/token.cfg: No such file' },
    ],
  ])('%s', async (_, answer, found) => {
    expect(await lookForSecret(aReader({ grep: answer }).node, identity)).toEqual(found);
  });
});
