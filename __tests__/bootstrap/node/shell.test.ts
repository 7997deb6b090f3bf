import { describe, expect, test } from 'vitest';
import { lastWords, openShell } from '../../../bootstrap/node/shell';
import type { Answer, Connection } from '../../../bootstrap/ssh';
import type { SshSettings } from '../../../contract/settings';
import { refusalOf } from '../support';

const SETTINGS: SshSettings = { host: 'nuc', timeouts: { connect: 20, command: 60, lock: 60 } };
const OK: Answer = { exit: 0, stdout: 'done', stderr: '' };
const LOCKED: Answer = {
  exit: 17,
  stdout: '',
  stderr:
    "trying to acquire cfs lock 'file-user_cfg' ...\ncreate user failed: cfs-lock 'file-user_cfg' error: got lock request timeout\n",
};

/** A shell on a connection that gives these answers in turn, and on a clock that moves only when somebody waits. */
function aShell(
  answers: readonly Answer[],
  settings: Partial<SshSettings> = {},
  user = 'root',
  isOrphan = () => false,
) {
  const commands: string[] = [];
  const lines: string[] = [];
  const pauses: number[] = [];
  const connection: Connection = {
    user,
    run: async (command) => {
      commands.push(command);
      return answers[commands.length - 1] ?? answers.at(-1) ?? OK;
    },
    close: async () => undefined,
  };
  let now = 1_000;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
  const shell = openShell(connection, { ...SETTINGS, ...settings }, clock, (line) => lines.push(line), isOrphan);
  return { shell, commands, lines, pauses };
}

describe('a command line', () => {
  test('of root has a locale that the node decodes our words by, and no sudo', async () => {
    const { shell, commands } = aShell([OK]);
    await shell.pveum(['user', 'add', 'jo@pve', '--comment', "it's"]);
    expect(commands).toEqual(["env LC_ALL=C.UTF-8 pveum user add jo@pve --comment 'it'\\''s'"]);
  });

  test.each([
    ['admin', undefined, 'env LC_ALL=C.UTF-8 sudo -n cat /x'],
    ['admin', false, 'env LC_ALL=C.UTF-8 cat /x'],
    ['root', true, 'env LC_ALL=C.UTF-8 sudo -n cat /x'],
    ['root', undefined, 'env LC_ALL=C.UTF-8 cat /x'],
  ])('of %s with sudo %s is "%s"', async (user, sudo, line) => {
    const { shell, commands } = aShell([OK], { sudo }, user);
    await shell.read(['cat', '/x']);
    expect(commands).toEqual([line]);
  });
});

describe('a locked configuration', () => {
  test('is waited for, longer each time, and told', async () => {
    const { shell, commands, lines, pauses } = aShell([LOCKED, LOCKED, LOCKED, LOCKED, LOCKED, LOCKED, OK]);
    expect(await shell.pveum(['user', 'add', 'jo@pve'])).toBe('done');
    expect(commands).toHaveLength(7);
    expect(new Set(commands).size).toBe(1);
    expect(pauses).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    expect(new Set(lines)).toEqual(new Set(["the node's user configuration is locked: waiting"]));
  });

  test('is waited for only so long', async () => {
    const { shell, pauses } = aShell([LOCKED], { timeouts: { connect: 20, command: 60, lock: 10 } });
    expect(await refusalOf(shell.pveum(['user', 'add', 'jo@pve', '--comment', 'x']))).toMatchObject({
      code: 'NODE_LOCKED',
      what: "`pveum user add jo@pve` found the node's user configuration locked for more than 10 s.",
    });
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(10_000);
  });

  test('is not tried again once the engine is gone: the next deploy may be at work', async () => {
    const { shell, commands } = aShell([LOCKED, OK], {}, 'root', () => true);
    expect((await refusalOf(shell.pveum(['user', 'delete', 'jo@pve']))).code).toBe('ORPHANED');
    expect(commands).toHaveLength(1);
  });

  test('is not waited for at all where the entry gives it no time', async () => {
    const { shell, commands } = aShell([LOCKED], { timeouts: { connect: 20, command: 60, lock: 0 } });
    expect((await refusalOf(shell.tryPveum(['role', 'add', 'r']))).code).toBe('NODE_LOCKED');
    expect(commands).toHaveLength(1);
  });

  test('is no matter when the command went through: the node only says that it waited', async () => {
    const stderr = "trying to acquire cfs lock 'file-user_cfg' ...\n";
    const { shell, commands } = aShell([{ ...OK, stderr }]);
    expect(await shell.pveum(['user', 'add', 'jo@pve'])).toBe('done');
    expect(commands).toHaveLength(1);
  });
});

describe('a failed command', () => {
  test('is never sent again, and its answer is told without options', async () => {
    const failure = { exit: 255, stdout: '', stderr: "create user failed: user 'jo@pve' already exists\n" };
    const { shell, commands } = aShell([failure]);
    const refusal = await refusalOf(shell.pveum(['user', 'add', 'jo@pve', '--comment', 'private']));
    expect(refusal.message).toBe(
      [
        "`pveum user add jo@pve` failed on the node (exit 255): create user failed: user 'jo@pve' already exists",
        '  why: The node refused this change.',
        '  fix: Put right what the node says, then deploy again: the next run goes on from here.',
      ].join('\n'),
    );
    expect(commands).toHaveLength(1);
  });

  test('is an answer where the caller asked for it', async () => {
    const failure = { exit: 255, stdout: '', stderr: 'Unknown option: regenerate\n' };
    expect(await aShell([failure]).shell.tryPveum(['user'])).toEqual(failure);
    expect(await aShell([failure]).shell.read(['cat'])).toEqual(failure);
  });
});

describe('what a failed command said', () => {
  const said = (stderr: string) => lastWords({ exit: 1, stdout: 'never shown', stderr });

  test('becomes one line', () => expect(said('a\n\n  b  \r\nc\n')).toBe('a / b / c'));
  test('may be nothing', () => expect(said(' \n')).toBe('it gave no reason'));
  test('shows no secret, however it is written', () => {
    const secret = crypto.randomUUID();
    const text = said(`value: ${secret}, ${secret.toUpperCase()} PVEAPIToken=a@pve!b=${secret}`);
    expect(text).toBe('value: ********, ******** PVEAPIToken=a@pve!b=********');
  });
  test('shows no secret that control characters were put into', () => {
    const secret = crypto.randomUUID();
    const broken = `${secret.slice(0, 10)}\u001b\u0000${secret.slice(10)}`;
    expect(said(broken)).toBe('********');
  });
  test('cannot move the cursor or hide itself', () => {
    expect(said('\u001b[2Ja\u0007\u009bb\u007f\u0000c')).toBe('[2Jabc');
  });
  test('is cut after 500 characters, and a secret at the cut is masked first', () => {
    expect(said('x'.repeat(600))).toHaveLength(500);
    const secret = crypto.randomUUID();
    expect(said('x'.repeat(480) + secret)).not.toContain(secret.slice(0, 8));
  });
});
