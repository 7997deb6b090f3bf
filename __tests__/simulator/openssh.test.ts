import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NOISES, startNode } from '../../simulator/node';
import {
  hasShell,
  hasSshd,
  type OpenSshOptions,
  type OpenSshServer,
  SHELLS,
  startOpenSsh,
} from '../../simulator/openssh';
import { aClient, exec, ok } from './support/nodes';
import { sshEnd } from './support/nodes-end';

// Where the whole suite has to run, a missing server is a failure and no reason to skip.
const withSshd = test.skipIf(!hasSshd() && !process.env.CI);

function aFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'simulator-sshd-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

async function anSshd(options: Partial<OpenSshOptions> = {}): Promise<OpenSshServer> {
  const server = await startOpenSsh({ release: '9.1', root: aFolder(), ...options });
  onTestFinished(() => server.close());
  return server;
}

withSshd('a real OpenSSH server (sshd needed) serves the same node as ours', async () => {
  const root = aFolder();
  const node = await startNode({ release: '8.4', root });
  onTestFinished(() => node.close());
  const real = await anSshd({ release: '8.4', root });
  expect(real.ssh.hostKey).toBe(node.ssh.hostKey);
  const client = await aClient(real);
  expect(await exec(client, 'pveum user add a@pve --comment \'x "y"\'')).toEqual(ok());
  expect(await exec(await aClient(node), 'grep -F -e a@pve /etc/pve/user.cfg')).toEqual(
    ok('user:a@pve:1:0::::x "y"::\n'),
  );
  expect(await exec(client, 'pveum user add nonsense; cat /etc/pve/nosuch')).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(
      /^400 Parameter verification failed\.\n[\s\S]*cat: \/etc\/pve\/nosuch: No such file or directory\n$/,
    ) as string,
  });
  expect(node.pveumRuns().map(({ exit }) => exit)).toEqual([0, 255]);
});

withSshd('the real script behind a real server (sshd needed) and ours take turns at one lock', async () => {
  const root = aFolder();
  const node = await startNode({ release: '9.1', root });
  onTestFinished(() => node.close());
  const real = await anSshd({ root });
  const [ours, theirs] = [await aClient(node), await aClient(real)];
  for (const [holder, other] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    const holding = await sshEnd(holder);
    expect(await holding.next()).toMatchObject(['ready', expect.any(String)]);
    expect(await (await sshEnd(other, { seconds: 0 })).finish()).toEqual([['waiting'], ['locked']]);
    const waiting = await sshEnd(other);
    expect(await waiting.next()).toEqual(['waiting']);
    await holding.finish();
    expect(await waiting.finish()).toMatchObject([['ready', expect.any(String)]]);
  }
  const release = await node.faults.holdRunLock();
  const lockFile = '/run/lock/cdktf-proxmox-tokens.lock';
  expect(await (await sshEnd(theirs, { lockFile, seconds: 0 })).finish()).toEqual([['waiting'], ['locked']]);
  release();
  expect(await (await sshEnd(theirs, { lockFile })).finish()).toContainEqual(['ready', expect.any(String)]);
});

withSshd('nodes on one machine share no lock (sshd needed)', async () => {
  const [one, two] = [await anSshd(), await anSshd()];
  for (const node of [one, two]) {
    expect(await (await sshEnd(await aClient(node))).next()).toMatchObject(['ready', expect.any(String)]);
  }
});

describe.each(SHELLS)('a login shell %s', (shell) => {
  const withShell = test.skipIf(!process.env.CI && !(hasSshd() && hasShell(shell)));

  withShell.each(NOISES)('with the noise "%s" does not hide the answer (sshd and the shell needed)', async (noise) => {
    const end = await sshEnd(await aClient(await anSshd({ shell, noise })));
    // fish goes on where its startup file says exit, and is silent about what it cannot trace or set.
    const ends = noise === 'exit' && shell !== 'fish';
    const isHeard =
      noise === 'locale' ? shell === 'bash' : noise !== 'exit' && !(noise === 'trace' && shell === 'fish');
    expect(await end.finish()).toEqual(ends ? [] : [['ready', expect.any(String)]]);
    expect(end.noise() !== '').toBe(isHeard);
  });
});

withSshd('a login that is not root needs sudo behind a real OpenSSH server, too (sshd needed)', async () => {
  const client = await aClient(await anSshd({ as: 'admin', sudo: 'documented' }));
  const end = await sshEnd(client, { sudo: true });
  end.send('cat', '/etc/pve/user.cfg');
  end.send('cat', '/etc/shadow');
  expect(await end.finish()).toMatchObject([
    ['ready', expect.any(String)],
    ['0', expect.stringContaining('user:root@pam:'), ''],
    ['1', '', 'sudo: a password is required\n'],
  ]);
  expect(await exec(client, 'pveum user list')).toMatchObject({ exit: 255, stderr: 'please run as root\n' });
});

withSshd('parallel commands through a real OpenSSH server (sshd needed) lose nothing', async () => {
  const client = await aClient(await anSshd());
  const numbers = Array.from({ length: 6 }, (_, n) => n);
  const results = await Promise.all(numbers.map((n) => exec(client, `pveum user add user${n}@pve`)));
  expect(results).toEqual(numbers.map(() => ok()));
  expect((await exec(client, 'cat /etc/pve/user.cfg')).stdout.match(/@pve:/g)).toHaveLength(6);
});

test('a missing server is named', async () => {
  await expect(startOpenSsh({ release: '9.1', root: aFolder(), sshd: '/nowhere/sshd' })).rejects.toThrow(
    'No OpenSSH server at /nowhere/sshd. Install the package openssh-server.',
  );
});
