import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pveFile } from '../../simulator/machine/node-files';
import type { Settings } from '../../simulator/machine/settings';
import { describe as render } from '../../simulator/nodes-end/command';
import { hideSecrets } from './support/compare';
import { aRoot } from './support/nodes';
import { type End, realEnd, type StartOptions, simulatedEnd, type Told } from './support/nodes-end';

type Open = (options?: StartOptions, user?: string) => End;
type Scene = (open: Open, root: string) => Promise<readonly (Told | undefined)[]>;

/** Plays the same scene on a node that our process speaks for, and on one where the real script runs under a real perl. */
async function bothTell(scene: Scene, settings: Partial<Settings> = {}): Promise<readonly unknown[]> {
  const [told, real] = await Promise.all(
    [simulatedEnd, realEnd].map(async (end) => {
      const root = aRoot(settings);
      return plain(await scene((options, user) => end(root, options, user), root));
    }),
  );
  expect(told).toEqual(real);
  return told ?? [];
}

/** Secrets differ, and who runs the tests need not be root. */
const plain = (frames: readonly (Told | undefined)[]) =>
  frames.map((frame) => (frame?.[0] === 'ready' ? ['ready'] : frame?.map(hideSecrets)));

const requests =
  (...all: readonly (readonly string[])[]): Scene =>
  async (open) => {
    const end = open();
    for (const words of all) end.send(...words);
    return end.finish();
  };

const READ = ['cat', '/etc/pve/user.cfg'];

describe('the simulated node’s end tells what the real script tells', () => {
  test('of commands that are sent at once, good ones and bad ones', async () => {
    const told = await bothTell(
      requests(
        ['pveum', 'user', 'add', 'a@pve', '--comment', 'Größe: 100%\n"$HOME" \'x\' 🔑', '--enable', '0'],
        ['pveum', 'user', 'add', 'a@pve'],
        ['pveum', 'user', 'token', 'add', 'a@pve', 'ci', '--output-format', 'json'],
        ['no such program', 'a b'],
        ['pveum', 'user', 'list', '--full', '1', '--output-format', 'json'],
        READ,
        ['cat', '/etc/pve/nosuch'],
      ),
    );
    expect(told.map((frame) => (frame as Told)[0])).toEqual(['ready', '0', '2', '0', '127', '0', '0', '1']);
    expect(told[6]).toEqual([
      '0',
      expect.stringContaining('user:a@pve:0:0::::Gr%C3%B6%C3%9Fe%3A 100%25%0A"$HOME" \'x\' %F0%9F%94%91::\n') as string,
      '',
    ]);
  });

  test('of a secret, without the line of another that ends the same', async () => {
    const secrets = 'a@pve!ci one\nba@pve!ci two\n';
    const told = await bothTell(async (open, root) => {
      writeFileSync(pveFile(root, 'priv/token.cfg'), secrets);
      const end = open();
      for (const identity of ['a@pve!ci', 'c@pve!ci'])
        end.send('grep', '-F', '-e', `${identity} `, '/etc/pve/priv/token.cfg');
      return end.finish();
    });
    expect(told).toEqual([['ready'], ['0', 'a@pve!ci one\n', ''], ['1', '', '']]);
  });

  test('of an answer that is longer than any buffer', async () => {
    const comment = 'x'.repeat(2 ** 20);
    const told = await bothTell(async (open, root) => {
      writeFileSync(pveFile(root, 'user.cfg'), `user:a@pve:1:0::::${comment}::\n`);
      const end = open();
      end.send(...READ);
      return end.finish();
    });
    expect(told[1]).toEqual(['0', `user:a@pve:1:0::::${comment}::\n`, '']);
  });

  test('of sudo', async () => {
    const scene: Scene = async (open) => {
      const end = open({ sudo: true }, 'admin');
      for (const words of [
        READ,
        ['pveum', 'acl', 'list', '--output-format', 'json'],
        ['cat', '/etc/pve/priv/token.cfg'],
      ]) {
        end.send(...words);
      }
      return end.finish();
    };
    const refused = ['1', '', 'sudo: a password is required\n'];
    expect(await bothTell(scene, { sudo: 'documented' })).toEqual([
      ['ready'],
      expect.anything(),
      ['0', '[]\n', ''],
      refused,
    ]);
    expect(await bothTell(scene, { sudo: 'none' })).toEqual([['ready'], refused, refused, refused]);
    expect(
      await bothTell(async (open) => {
        const end = open({ sudo: true }, 'admin');
        end.send('no-such-program');
        return end.finish();
      }),
    ).toEqual([['ready'], ['1', '', 'sudo: no-such-program: command not found\n']]);
  });

  test('of a user without sudo', async () => {
    const told = await bothTell(async (open) => {
      const end = open({}, 'admin');
      for (const words of [READ, ['pveum', 'acl', 'list']]) end.send(...words);
      return end.finish();
    });
    expect(told).toEqual([
      ['ready'],
      ['1', '', 'cat: /etc/pve/user.cfg: Permission denied\n'],
      ['255', '', 'please run as root\n'],
    ]);
  });

  test('of a lock that is held, and then free', async () => {
    const told = await bothTell(async (open) => {
      const first = open();
      const ready = await first.next();
      const impatient = await open({ seconds: 0 }).finish();
      const second = open();
      const waiting = await second.next();
      await first.finish();
      second.send('pveum', 'user', 'list', '--quiet', '1');
      return [ready, ...impatient, waiting, ...(await second.finish())];
    });
    expect(told).toEqual([['ready'], ['waiting'], ['locked'], ['waiting'], ['ready'], ['0', '', '']]);
  });

  test('of a lock that cannot be had', async () => {
    const told = await bothTell(async (open, root) => {
      const folder = join(root, 'run', 'lock');
      mkdirSync(join(folder, 'folder'));
      symlinkSync('/etc/passwd', join(folder, 'link'));
      const names = ['folder', 'link', 'missing/file'];
      return (await Promise.all(names.map((name) => open({ lockFile: `/run/lock/${name}` }).finish()))).flat();
    });
    expect(told).toEqual([
      ['unlockable', 'it is no plain file'],
      ['unlockable', 'File exists'],
      ['unlockable', 'No such file or directory'],
    ]);
  });

  test('of a client that ends in the middle of a word', async () => {
    const told = await bothTell(async (open) => {
      const end = open();
      end.send('pveum', 'user', 'add', 'a@pve');
      end.raw('9 9\npveum');
      return end.finish();
    });
    expect(told.map((frame) => (frame as Told)[0])).toEqual(['ready', '0']);
  });
});

test('whoever waits for the lock gets it in the order of coming', async () => {
  const root = aRoot();
  const ends = Array.from({ length: 5 }, () => simulatedEnd(root));
  const order: number[] = [];
  await Promise.all(
    ends.map(async (end, n) => {
      let frame = await end.next();
      if (frame?.[0] === 'waiting') frame = await end.next();
      expect(frame?.[0]).toBe('ready');
      order.push(n);
      await end.finish();
    }),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test('a lock file is there for every user, as the real one is', async () => {
  const root = aRoot();
  await simulatedEnd(root).finish();
  expect(readFileSync(join(root, 'run', 'lock', 'x.lock'), 'utf8')).toBe('');
});

test('a request is one readable line', () => {
  expect(render(['sudo', '-n', 'grep', '-F', '-e', 'a@pve!ci ', '/etc/pve/priv/token.cfg'])).toBe(
    'sudo -n grep -F -e "a@pve!ci " /etc/pve/priv/token.cfg',
  );
  expect(render(['pveum', 'user', 'add', 'a@pve', '--comment', 'x\n"y"', '--groups', ''])).toBe(
    'pveum user add a@pve --comment "x\\n\\"y\\"" --groups ""',
  );
});
