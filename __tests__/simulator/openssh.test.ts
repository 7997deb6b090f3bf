import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startNode } from '../../simulator/node';
import { hasSshd, startOpenSsh } from '../../simulator/openssh';
import { aClient, exec, ok } from './support/nodes';

// Where the whole suite has to run, a missing server is a failure and no reason to skip.
const withSshd = test.skipIf(!hasSshd() && !process.env.CI);

function aFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'simulator-sshd-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

withSshd('a real OpenSSH server (sshd needed) serves the same node as ours', async () => {
  const root = aFolder();
  const node = await startNode({ release: '8.4', root });
  onTestFinished(() => node.close());
  const real = await startOpenSsh({ release: '8.4', root });
  onTestFinished(() => real.close());
  expect(real.ssh.hostKey).toBe(node.ssh.hostKey);
  const client = await aClient(real);
  expect(await exec(client, 'pveum user add a@pve --comment \'x "y"\'')).toEqual(ok());
  expect(await exec(await aClient(node), 'grep -F a@pve /etc/pve/user.cfg')).toEqual(ok('user:a@pve:1:0::::x "y"::\n'));
  expect(await exec(client, 'pveum user add nonsense; cat /etc/pve/nosuch')).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(
      /^400 Parameter verification failed\.\n[\s\S]*cat: \/etc\/pve\/nosuch: No such file or directory\n$/,
    ) as string,
  });
  expect((await exec(client, 'pveum role list', { LC_ALL: 'C' })).stdout).toContain('+======');
  expect(node.pveumRuns().map(({ exit }) => exit)).toEqual([0, 255, 0]);
});

withSshd('parallel commands through a real OpenSSH server (sshd needed) lose nothing', async () => {
  const real = await startOpenSsh({ release: '9.1', root: aFolder() });
  onTestFinished(() => real.close());
  const client = await aClient(real);
  const numbers = Array.from({ length: 6 }, (_, n) => n);
  const results = await Promise.all(numbers.map((n) => exec(client, `pveum user add user${n}@pve`)));
  expect(results).toEqual(numbers.map(() => ok()));
  expect(await exec(client, 'grep -c @pve: /etc/pve/user.cfg')).toEqual(ok('6\n'));
});

test('a missing server is named', async () => {
  await expect(startOpenSsh({ release: '9.1', root: aFolder(), sshd: '/nowhere/sshd' })).rejects.toThrow(
    'No OpenSSH server at /nowhere/sshd. Install the package openssh-server.',
  );
});
