import type { ServerChannel } from 'ssh2';
import { describe, expect, test, vi } from 'vitest';

import { programOf } from '../../../bootstrap/ssh/command';
import { attempt, machineOf, makeHome, makeKey, type NodeOptions, put, startNode } from './support';

const key = makeKey();

async function login(options: NodeOptions = {}, timeouts?: { connect: number; command: number; lock: number }) {
  const node = await startNode({ keys: [key], ...options });
  const home = makeHome();
  put(home, 'id_ed25519', key.private);
  const settings = { port: node.port, host_key: node.hostKey.fingerprint, ...(timeouts && { timeouts }) };
  const connection = await attempt().connect(settings, machineOf(home));
  return { node, connection, place: `\`root@127.0.0.1:${node.port}\`` };
}

describe('a command', () => {
  test('answers with status, stdout and stderr, as UTF-8 even across packets', async () => {
    const { connection } = await login({
      answer: (_command, channel) => {
        const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
        channel.write(first);
        channel.write(second);
        channel.stderr.write('Größe');
        channel.exit(2);
        channel.end();
      },
    });
    expect(await connection.run('pveum user list')).toEqual({ exit: 2, stdout: 'ü', stderr: 'Größe' });
  });

  test('that a signal ended has the status that a shell would give it', async () => {
    const { connection } = await login({
      answer: (_command, channel) => {
        channel.exit('KILL', false, '');
        channel.end();
      },
    });
    expect(await connection.run('pveum')).toMatchObject({ exit: 137 });
  });

  test('finds its stdin closed', async () => {
    const { connection } = await login({
      answer: (_command, channel) => {
        channel.resume().on('end', () => {
          channel.exit(0);
          channel.end();
        });
      },
    });
    expect(await connection.run('cat')).toEqual({ exit: 0, stdout: '', stderr: '' });
  });

  test('may run beside others, and each gets its own answer', async () => {
    const { connection, node } = await login();
    const commands = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(commands.map((command) => connection.run(command)));
    expect(answers.map(({ stdout }) => stdout)).toEqual(commands);
    expect(node.commands).toEqual(commands);
  });

  test('waits while eight others run: a node allows ten sessions', async () => {
    const channels: ServerChannel[] = [];
    const { connection, node } = await login({ answer: (_command, channel) => void channels.push(channel) });
    const finish = (channel?: ServerChannel) => {
      channel?.exit(0);
      channel?.end();
    };
    const commands = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];
    const answers = commands.map((command) => connection.run(command));
    await vi.waitUntil(() => channels.length === 8);
    finish(channels[3]);
    await answers[3];
    await vi.waitUntil(() => channels.length === 9);
    expect(node.commands).toEqual(commands.slice(0, 9));
    for (const channel of channels) finish(channel);
    await vi.waitUntil(() => channels.length === 10);
    finish(channels[9]);
    expect((await Promise.all(answers)).map(({ exit }) => exit)).toEqual(commands.map(() => 0));
  });

  const write = (mebibytes: number): NodeOptions => ({
    answer: (_command, channel) => {
      channel.write(Buffer.alloc(mebibytes * 2 ** 20, 'x'), () => {
        channel.exit(0);
        channel.end();
      });
    },
  });

  test('may have much to say', async () => {
    const { connection } = await login(write(15));
    expect((await connection.run('big')).stdout).toHaveLength(15 * 2 ** 20);
  });

  test('that has too much to say is refused', async () => {
    const { connection, place } = await login(write(17));
    await expect(connection.run('pveum user list')).rejects.toMatchObject({
      code: 'OUTPUT_TOO_LARGE',
      message: `\`pveum\` on ${place} answered with more than 16 MiB.
  why: No command that we run has so much to say, and it would have to be held in memory.
  fix: Run it on the node and look at what it prints.`,
    });
  });

  test('that takes too long is refused by its program’s name alone, and the connection lives on', async () => {
    const { connection, place } = await login(
      {
        answer: (command, channel) => {
          if (command === 'quick') channel.exit(0);
          if (command === 'quick') channel.end();
        },
      },
      { connect: 20, command: 0.3, lock: 1 },
    );
    await expect(connection.run('sudo -n env LC_ALL=C /usr/sbin/pveum passwd secret')).rejects.toMatchObject({
      code: 'COMMAND_TIMEOUT',
      message: `\`pveum\` on ${place} did not answer within 0.3 s.
  why: It may still be running and may take effect: closing a session does not stop every program.
  fix: Look at the load and the cluster file system (pvecm status) of the node, or raise \`ssh.timeouts.command\`; then run it again.`,
    });
    expect(await connection.run('quick')).toMatchObject({ exit: 0 });
  });
});

describe('a connection that is lost', () => {
  test.each<[string, NodeOptions['answer']]>([
    ['before the answer', (_command, _channel, peer) => peer.end()],
    [
      'after the status, amid the output',
      (_command, channel, peer) => {
        channel.write('half');
        channel.exit(0);
        peer.end();
      },
    ],
    ['channel by channel, without a status', (_command, channel) => channel.close()],
  ])('%s is no answer, and nothing is sent again', async (_title, answer) => {
    const { connection, node, place } = await login({ answer });
    await expect(connection.run('pveum user add secret')).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: `The connection to ${place} was lost before \`pveum\` answered.
  why: The command may have taken effect, so it was not sent again.
  fix: Run it again: what is already done is found on the node and kept.`,
    });
    expect(node.commands).toEqual(['pveum user add secret']);
  });

  test('by our own closing starts nothing more', async () => {
    const { connection, node, place } = await login();
    await Promise.all([connection.close(), connection.close()]);
    await expect(connection.run('pveum')).rejects.toMatchObject({
      code: 'COMMAND_NOT_STARTED',
      message: `${place} did not start \`pveum\`.
  why: The SSH server refused to run a command (ForceCommand, MaxSessions or a closed session); nothing took effect.
  fix: Check the settings of sshd for this user, then run it again.`,
    });
    expect(node.commands).toEqual([]);
  });
});

test.each([
  ['pveum user list', 'pveum'],
  ["env LC_ALL=C.UTF-8 sudo -n '/usr/sbin/pveum' user", 'the command'],
  ['env LC_ALL=C.UTF-8 sudo -n /usr/sbin/pveum user', 'pveum'],
  ["'LC_ALL=C' pveum user", 'pveum'],
  ["sh -c 'secret'", 'sh'],
  ['', 'the command'],
])('the name shown for %j is %s', (command, name) => {
  expect(programOf(command)).toBe(name);
});
