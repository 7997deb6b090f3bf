import { EventEmitter, once } from 'node:events';

import type { ServerChannel } from 'ssh2';
import { describe, expect, test } from 'vitest';

import type { RemoteProcess } from '../../../../bootstrap/ssh';
import { attempt, machineOf, makeHome, makeKey, type NodeOptions, put, startNode } from '../support';

const key = makeKey();

async function login(options: NodeOptions = {}) {
  const node = await startNode({ keys: [key], ...options });
  const home = makeHome();
  put(home, 'id_ed25519', key.private);
  const settings = { port: node.port, host_key: node.hostKey.fingerprint };
  const connection = await attempt().connect(settings, machineOf(home));
  return { node, connection };
}

/** Starts a program that does what `act` does. */
async function run(act: NodeOptions['answer']) {
  const { node, connection } = await login({ answer: act });
  const process = await connection.start('perl');
  return { node, connection, process, pieces: gather(process) };
}

/** All that it writes, once its output is over. */
function gather(process: RemoteProcess): Promise<string> {
  const pieces: Buffer[] = [];
  return new Promise((resolve) => {
    process.onOutput((piece) => {
      if (piece === undefined) resolve(Buffer.concat(pieces).toString());
      else pieces.push(piece);
    });
  });
}

const finish = (channel: ServerChannel, status: number) => {
  channel.exit(status);
  channel.end();
};

describe('the program on the node', () => {
  test('gets what is written, answers piece by piece, and ends with its status', async () => {
    const { connection, node } = await login({
      answer: (_command, channel) => {
        channel.on('data', (word: Buffer) => (`${word}` === 'end' ? finish(channel, 2) : channel.write(`<${word}>`)));
      },
    });
    const process = await connection.start("exec perl -e '...'");
    const heard: (string | undefined)[] = [];
    const over = new Promise<void>((resolve) => {
      process.onOutput((piece) => {
        heard.push(piece?.toString());
        if (piece === undefined) return resolve();
        process.write(heard.length < 3 ? Buffer.from(`word ${heard.length}`) : 'end');
      });
    });
    process.write('word 0');
    await over;
    expect(heard).toEqual(['<word 0>', '<word 1>', '<word 2>', undefined]);
    expect(await process.ended).toBe(2);
    expect(node.commands).toEqual(["exec perl -e '...'"]);
  });

  test('may have written much before anybody listens', async () => {
    const { process, pieces } = await run((_command, channel) => {
      channel.write(Buffer.alloc(15 * 2 ** 20, 'x'), () => finish(channel, 0));
    });
    expect(await pieces).toHaveLength(15 * 2 ** 20);
    expect(await process.ended).toBe(0);
  });

  test('has the last 64 KiB of its stderr kept', async () => {
    const { process } = await run((_command, channel) => {
      channel.stderr.write(`first${'x'.repeat(65_529)}`);
      channel.stderr.write('Größe', () => finish(channel, 1));
    });
    expect(await process.ended).toBe(1);
    expect(process.stderr()).toBe(`${'x'.repeat(65_529)}Größe`);
  });

  test('that a signal ended has the status that a shell would give it', async () => {
    const { process } = await run((_command, channel) => {
      channel.exit('KILL', false, '');
      channel.end();
    });
    expect(await process.ended).toBe(137);
  });

  test('is ended from our side at once, its input closed, and the connection lives on', async () => {
    const input = new EventEmitter();
    const { connection, process, pieces } = await run((_command, channel) => {
      channel.resume().on('end', () => input.emit('closed'));
    });
    const closed = once(input, 'closed');
    process.kill();
    process.kill();
    process.write('too late');
    expect([await process.ended, await pieces]).toEqual([undefined, '']);
    await closed;
    await (await connection.start('another')).kill();
  });
});

describe('a connection that is lost', () => {
  test.each<[string, NodeOptions['answer']]>([
    ['at once', (_command, _channel, peer) => peer.end()],
    [
      'after the status, amid the output',
      (_command, channel, peer) => {
        channel.write('half');
        channel.exit(0);
        peer.end();
      },
    ],
    ['channel by channel, without a status', (_command, channel) => channel.close()],
  ])('%s leaves no status, and nothing is sent again', async (_title, act) => {
    const { node, process, pieces } = await run(act);
    expect(await process.ended).toBeUndefined();
    expect(await pieces).toMatch(/^(half)?$/);
    expect(node.commands).toEqual(['perl']);
  });

  test('is told to whoever listens afterwards, too', async () => {
    const { connection } = await login({ answer: (_command, _channel, peer) => peer.end() });
    const process = await connection.start('perl');
    await process.ended;
    expect(await gather(process)).toBe('');
  });
});

test.each<[string, NodeOptions['answer'] | false]>([
  ['that the server refuses', false],
  ['on a connection that is closed', () => {}],
])('a program %s is not started', async (_title, answer) => {
  const { connection, node } = await login({ answer: answer || undefined, refuses: answer === false });
  if (answer) await Promise.all([connection.close(), connection.close()]);
  const refusal = await connection.start('perl').catch((error: Error) => error.message);
  expect(`${refusal}`.replaceAll(connection.place, 'PLACE')).toMatchInlineSnapshot(`
    "PLACE accepted the login but ran no command.
      why: The SSH server refused to, or closed the session. Nothing was changed on the node.
      fix: Check \`ForceCommand\`, \`MaxSessions\` and the login shell of this user on the node, then deploy again."
  `);
  expect(node.commands).toEqual([]);
});
