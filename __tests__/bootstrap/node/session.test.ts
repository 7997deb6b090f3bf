import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { request } from '../../../bootstrap/node/frames';
import { NODES_END } from '../../../bootstrap/node/nodes-end';
import { openNode } from '../../../bootstrap/node/session';
import type { RemoteProcess } from '../../../bootstrap/ssh';
import type { SshSettings } from '../../../contract/settings';
import { refusalOf } from '../support';
import { frame } from './support';

const TIMEOUTS = { connect: 20, command: 60, lock: 30 };

/** A connection whose one program does what the test says, on a clock that the test moves. */
function aConnection({ user = 'root', starts = true } = {}) {
  let listener: (piece: Buffer | undefined) => void = () => undefined;
  let [command, stderr, killed] = ['', '', 0];
  let end: (exit: number | undefined) => void = () => undefined;
  const written: Buffer[] = [];
  const process: RemoteProcess = {
    write: (bytes) => void written.push(Buffer.from(bytes)),
    onOutput: (told) => {
      listener = told;
    },
    stderr: () => stderr,
    ended: new Promise((resolve) => {
      end = resolve;
    }),
    kill: () => {
      killed += 1;
    },
  };
  const connection = {
    user,
    place: '`root@nuc`',
    start: (line: string) => {
      command = line;
      return starts ? Promise.resolve(process) : new Promise<never>(() => undefined);
    },
    close: async () => undefined,
  };
  const lines: string[] = [];
  return {
    lines,
    written,
    open: (ssh: Partial<SshSettings> = {}) =>
      openNode(connection, { timeouts: TIMEOUTS, ...ssh }, (line) => lines.push(line)),
    command: () => command,
    killed: () => killed,
    say: (text: string) => listener(Buffer.from(text)),
    frame: (word: string, ...parts: string[]) => listener(frame(markerOf(command), word, ...parts)),
    ends: (exit: number | undefined, last = '') => {
      stderr = last;
      end(exit);
      listener(undefined);
    },
  };
}

const markerOf = (command: string) => / ([0-9a-f]{32}) /.exec(command)?.[1] ?? '';

/** Lets what waits go on. */
const turn = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left behind').toBe(0);
  vi.useRealTimers();
});

async function ready(over?: Parameters<typeof aConnection>[0]) {
  const node = aConnection(over);
  const opened = node.open();
  await turn();
  node.frame('ready', '0');
  return { ...node, session: await opened };
}

describe("the node's end", () => {
  test('is started by one line that means the same to every shell, and gets its script on stdin', async () => {
    const { command, written } = await ready();
    const line = command()
      .replace(/[0-9a-f]{32}/, 'MARKER')
      .replace(String(Buffer.byteLength(NODES_END)), 'BYTES');
    expect(line).toMatchInlineSnapshot(
      `"exec env LC_ALL=C.UTF-8 perl -C0 -e 'read(STDIN,$s,BYTES);eval $s;die $@ if $@' MARKER /run/lock/cdktf-proxmox-tokens.lock 30 0"`,
    );
    expect(Buffer.concat(written).toString()).toBe(NODES_END);
    expect(markerOf((await ready()).command()), 'new in each run').not.toBe(markerOf(command()));
  });

  test.each([
    ['root', undefined, 0],
    ['admin', undefined, 1],
    ['admin', false, 0],
    ['root', true, 1],
  ])('of %s with sudo %s asks for sudo: %s', async (user, sudo, flag) => {
    const node = aConnection({ user });
    const opened = node.open({ sudo });
    await turn();
    expect(node.command()).toMatch(new RegExp(` 30 ${flag}$`));
    node.frame('ready', '0');
    await opened;
  });

  test('may greet, and wait for another run, which is told', async () => {
    const node = aConnection();
    const opened = node.open();
    await turn();
    node.say('Welcome!\n\u001b]0;nuc\u0007');
    node.frame('waiting');
    await turn();
    node.frame('ready', '0');
    await opened;
    expect(node.lines).toEqual(['node: another run works on it, waiting until that is done']);
  });
});

describe('is refused', () => {
  const refused = async (act: (node: ReturnType<typeof aConnection>) => void, starts = true) => {
    const node = aConnection({ starts });
    const refusal = refusalOf(node.open());
    await turn();
    act(node);
    await vi.runAllTimersAsync();
    return refusal;
  };

  test('where another run holds the lock for too long', async () => {
    const { code, what } = await refused((node) => {
      node.frame('waiting');
      node.frame('locked');
    });
    expect([code, what]).toEqual(['NODE_BUSY', 'Another run has been working on the node for more than 30 s.']);
  });

  test('where the lock cannot be opened, with the reason', async () => {
    const { code, what } = await refused((node) => node.frame('unlockable', 'Permission denied'));
    expect([code, what]).toEqual(['NODE_UNLOCKABLE', expect.stringMatching(/cannot be opened: Permission denied\.$/)]);
  });

  test.each([
    ['', '', 'It said nothing. A startup file of the login shell that calls `exit` does this.'],
    ['perl: not found\n', 'Welcome!\n', 'Its last words: perl: not found'],
    ['', 'Welcome!\nThis account is closed.\n', 'Its last words: This account is closed.'],
  ])('where there is silence but for %j and %j', async (stderr, noise, why) => {
    const refusal = await refused((node) => {
      node.say(noise);
      node.ends(127, stderr);
    });
    expect(refusal).toMatchObject({ code: 'NODE_SILENT', what: expect.stringContaining('(exit 127)'), why });
  });

  test('where the connection is lost first', async () => {
    expect((await refused((node) => node.ends(undefined))).what).toMatch(/was lost before `the node's end` answered/);
  });

  test('where nothing comes in time, neither a process nor a word of it', async () => {
    expect((await refused(() => undefined, false)).what).toMatch(/^`perl` on `root@nuc` did not answer within 60 s/);
    expect((await refused(() => undefined)).what).toMatch(/^`the node's end` on `root@nuc` did not answer within 90 s/);
  });
});

describe('a command', () => {
  test('is sent as lengths and words, and answered with what it said', async () => {
    const { session, frame, written } = await ready();
    const words = ['pveum', 'user', 'add', 'jo@pve', '--comment', 'a\n"b"'];
    const answer = session.run(words);
    frame('255', 'Größe', 'user exists\n');
    expect(await answer).toEqual({ exit: 255, stdout: 'Größe', stderr: 'user exists\n' });
    expect(written.at(-1)).toEqual(request(words));
  });

  test('has an answer of its own, also where two come at once', async () => {
    const { session, frame } = await ready();
    const first = session.run(['cat', 'x']);
    frame('0', '1', '');
    frame('0', '2', '');
    expect([(await first).stdout, (await session.run(['cat', 'y'])).stdout]).toEqual(['1', '2']);
  });

  const lost = /^The connection to `root@nuc` was lost before `pveum user` answered/;
  test.each<[string, (node: Awaited<ReturnType<typeof ready>>) => void, RegExp]>([
    ['the connection is lost', (node) => node.ends(undefined), lost],
    ['the process ends', (node) => node.ends(0), lost],
    ['nothing comes in time', () => undefined, /^`pveum user` on `root@nuc` did not answer within 60 s/],
    [
      'something else writes into its answer',
      (node) => node.say(`\n${markerOf(node.command())} 0 3 0\nabc and more`.padEnd(200)),
      /^On `root@nuc` another program wrote into the answer/,
    ],
  ])('ends the session where %s, and shows no option of it', async (_, act, message) => {
    const node = await ready();
    const refusal = refusalOf(node.session.run(['pveum', 'user', 'add', '--comment', 'x']));
    act(node);
    await vi.runAllTimersAsync();
    expect((await refusal).message).toMatch(message);
    expect(node.killed()).toBe(1);
  });
});
