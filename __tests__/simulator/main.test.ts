import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { readWanted } from '../../simulator/main';
import { aClient, exec, ok } from './support/nodes';

function simulator(...args: string[]) {
  const entry = join(__dirname, '..', '..', 'simulator', 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-main-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

test('a node tells where it is in one line and ends with a signal', async () => {
  const root = join(aFolder(), 'made');
  const child = simulator('--release', '8.4', '--root', root, '--ssh-port', '0');
  const lines: string[] = [];
  const [line] = (await once(
    createInterface({ input: child.stdout }).on('line', (one) => lines.push(one)),
    'line',
  )) as [string];
  const ready = JSON.parse(line);
  expect(ready).toEqual({
    release: '8.4',
    ssh: {
      host: '127.0.0.1',
      port: expect.any(Number),
      user: 'root',
      hostKey: expect.stringMatching(/^SHA256:.{43}$/),
      knownHosts: expect.stringMatching(/^\[127\.0\.0\.1\]:\d+ ssh-ed25519 /),
    },
    api: { url: `https://127.0.0.1:${ready.api.port}`, port: expect.any(Number) },
    caFile: expect.any(String),
    authorizedKey: expect.any(String),
    root,
  });
  const client = await aClient({ ssh: ready.ssh, privateKeyFile: ready.authorizedKey });
  expect(await exec(client, 'pveum acl list --output-format json')).toEqual(ok('[]\n'));
  child.kill('SIGTERM');
  expect(await exitOf(child)).toBe(0);
  expect(lines).toHaveLength(1);
});

test.each([
  [[], '--release and --root are needed.'],
  [['--release', '6.4', '--root', '/nowhere'], '--release takes one of 7.4, 8.4, 9.0, 9.1, got: 6.4'],
  [
    ['--release', '9.1', '--root', '/nowhere', '--ssh-port', '99999'],
    '--ssh-port takes a whole number up to 65535, got: 99999',
  ],
])('wrong options are named: %j', (args, reason) => {
  expect(() => readWanted(args)).toThrow(reason);
});

test('wrong options end the program, with its usage', async () => {
  const child = simulator('--release', '9.1', '--root', '/nowhere', '--what');
  const [code, stdout, stderr] = await Promise.all([exitOf(child), text(child.stdout), text(child.stderr)]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Unknown option '--what'[\s\S]*Usage: npm run simulator/);
});
