import { describe, expect, test } from 'vitest';
import { inspect, readSecret, requireRole, withRoleList } from '../../../bootstrap/node/inspect';
import type { NodeShell } from '../../../bootstrap/node/shell';
import type { Answer } from '../../../bootstrap/ssh';
import { FRESH } from '../plan/support';
import { refusalOf } from '../support';

const ok = (stdout: string, stderr = ''): Answer => ({ exit: 0, stdout, stderr });
const failed = (stderr: string, exit = 1): Answer => ({ exit, stdout: '', stderr });

/** A shell that reads alone, with an answer for every first words. */
function aReader(answers: Readonly<Record<string, Answer>>) {
  const seen: string[] = [];
  const read = async (words: readonly string[]) => {
    const line = words.join(' ');
    seen.push(line);
    const [, answer] = Object.entries(answers).find(([start]) => line.startsWith(start)) ?? [];
    return answer ?? failed('no such command', 127);
  };
  const never = () => Promise.reject(new Error('inspecting changes nothing'));
  return { seen, shell: { read, pveum: never, tryPveum: never } satisfies NodeShell };
}

const LISTS = {
  'pveum user list': ok('[{"userid":"root@pam","tokens":null}]'),
  'pveum role list': ok('[{"roleid":"Administrator","privs":"VM.Audit"}]'),
  'pveum acl list': ok('[]'),
};

describe('a node', () => {
  test('is read with one look at its file', async () => {
    const { seen, shell } = aReader({ 'cat /etc/pve/user.cfg': ok('user:root@pam:1:0::::::\n', 'noise\n') });
    expect([...(await inspect(shell)).users.keys()]).toEqual(['root@pam']);
    expect(seen).toEqual(['cat /etc/pve/user.cfg']);
  });

  test('is read from three lists where the file is closed', async () => {
    const { seen, shell } = aReader({ cat: failed('sudo: a password is required'), ...LISTS });
    expect([...(await inspect(shell)).users.keys()]).toEqual(['root@pam']);
    expect(seen.slice(1)).toEqual([
      'pveum user list --full 1 --output-format json',
      'pveum role list --output-format json',
      'pveum acl list --output-format json',
    ]);
  });

  test('that can be read in neither way is refused with what it said', async () => {
    const { shell } = aReader({ cat: failed('x'), ...LISTS, 'pveum acl list': failed('sudo: a password is required') });
    const { code, what } = await refusalOf(inspect(shell));
    expect([code, what]).toEqual([
      'NODE_UNREADABLE',
      "The node's users and roles cannot be read: sudo: a password is required.",
    ]);
  });

  test.each(['', 'not JSON', '{"userid":', 'null', '{}'])(
    'that answers %j instead of a list is refused',
    async (text) => {
      const { shell } = aReader({ cat: failed('x'), ...LISTS, 'pveum user list': ok(text) });
      expect((await refusalOf(inspect(shell))).code).toBe('NODE_UNREADABLE');
    },
  );

  test('gives its built-in roles where they are asked for', async () => {
    const { shell } = aReader(LISTS);
    const found = await withRoleList(shell, FRESH);
    expect(found.roles.get('Administrator')?.privileges).toEqual(new Set(['VM.Audit']));
    requireRole(found, 'Administrator');
    requireRole(found, 'ours-to-make');
    expect((await refusalOf(() => requireRole(found, 'PVENothing'))).code).toBe('ROLE_MISSING');
  });
});

describe('a secret', () => {
  const identity = 'jo@pve!ci';
  const secret = crypto.randomUUID();
  const answered = (answer: Answer) => readSecret(aReader({ grep: answer }).shell, identity);

  test('is asked for alone, not with the others', async () => {
    const { seen, shell } = aReader({ grep: ok(`${identity} ${secret}\n`) });
    expect(await readSecret(shell, identity)).toEqual({ kind: 'secret', secret });
    expect(seen).toEqual(['grep -F -e jo@pve!ci  /etc/pve/priv/token.cfg']);
  });

  test('of a token whose name ends like this one is none', async () => {
    expect(await answered(ok(`x${identity} ${crypto.randomUUID()}\n`))).toEqual({ kind: 'none' });
    expect(await answered(ok(`x${identity} ${crypto.randomUUID()}\n${identity} ${secret}\n`))).toEqual({
      kind: 'secret',
      secret,
    });
  });

  test('that is not there is none', async () => expect(await answered(failed('', 1))).toEqual({ kind: 'none' }));

  test.each(['sudo: a password is required', 'grep: /etc/pve/priv/token.cfg: Permission denied'])(
    'that may not be read is told with the reason: %s',
    async (reason) => expect(await answered(failed(reason, 1))).toEqual({ kind: 'unreadable', answer: reason }),
  );
});
