import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { SETTINGS_FORMAT } from '../../contract/settings';
import type { SimulatedNode } from '../../simulator/node';
import { aNode, temporaryFolder } from '../support/node';
import { bundleProgram, runBundle, startBundle } from '../support/program';
import { nodeFiles, settingsFor } from '../support/verbs';

let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
  program = bundleProgram(folder);
  return () => rmSync(folder, { recursive: true, force: true });
});

describe('the program ends', () => {
  test.each([
    ['there is no such verb', 'nonsense', 'There is no verb `nonsense`.'],
    ['there is no verb', undefined, 'There is no verb ``.'],
    ['it has no settings', 'access', 'The settings in `PROXMOX_TOKENS_SETTINGS` cannot be used: it is not set.'],
  ])('with 1, and says what to do, where %s', async (_, verb, what) => {
    const { exit, stdout, stderr } = await runBundle(program, { verb, cwd: folder });
    expect([exit, stdout, stderr.split('\n').map((line) => line.slice(0, 6))]).toEqual([
      1,
      '',
      [what.slice(0, 6), '  why:', '  fix:', ''],
    ]);
    expect(stderr).toContain(`${what}\n`);
  });

  test('with 70, and its stack, where it is at fault', async () => {
    const settings = { format: SETTINGS_FORMAT, project: '.' };
    const { exit, stdout, stderr } = await runBundle(program, { verb: 'token', settings, cwd: folder });
    expect([exit, stdout]).toEqual([70, '']);
    expect(stderr).toMatch(/^This is a defect of the bootstrap program, please report it\.\nTypeError: .*\n {4}at /);
  });
});

describe('as a process of its own', () => {
  const entry = async () => {
    const node = await aNode();
    return { node, settings: settingsFor(node), cwd: temporaryFolder() };
  };
  const hasAll = (node: SimulatedNode) => nodeFiles(node).user.includes('acl:1:/:opentofu@pve:opentofu-role:');

  test('it makes a token, tells every step, and never the secret', async () => {
    const { node, settings, cwd } = await entry();
    for (const verb of ['access', 'token']) {
      const { exit, stdout, stderr } = await runBundle(program, { verb, settings, cwd });
      expect([exit, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/\n$/);
      expect(stdout).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    }
    expect(readdirSync(join(cwd, '.handoff/lab'))).toEqual(['nuc-1', 'nuc-access-1']);
    const handoffs = { format: SETTINGS_FORMAT, project: '.', handoffs: '.handoff/lab' };
    expect(await runBundle(program, { verb: 'forget', settings: handoffs, cwd })).toMatchObject({
      exit: 0,
      stdout: 'hand-off: 2 deleted, the state alone holds the secrets\n',
    });
    expect((await runBundle(program, { verb: 'revoke', settings: { ...settings, removal: 'revoke' }, cwd })).exit).toBe(
      0,
    );
    expect(nodeFiles(node).token).toBe('');
  });

  test('it runs no command on the node where its hand-off would not fit on the disk', async () => {
    const { node, settings, cwd } = await entry();
    // No file may grow: what a full disk does, without one.
    const through = 'trap \'\' XFSZ; ulimit -f 0; exec "$@"';
    const { exit, stderr } = await runBundle(program, { verb: 'token', settings, cwd, through });
    expect([exit, stderr]).toEqual([1, expect.stringContaining('cannot be written: EFBIG.')]);
    expect(node.commands()).toEqual(['nodes-end']);
    expect(readdirSync(join(cwd, '.handoff/lab'))).toEqual([]);
  });

  test('it goes on to the end of its work when nobody reads its output any longer', async () => {
    const { node, settings, cwd } = await entry();
    expect((await runBundle(program, { verb: 'access', settings, cwd, through: '"$@" | true' })).exit).toBe(0);
    await runBundle(program, { verb: 'access', settings, cwd, through: '"$@" >/dev/full 2>/dev/full' });
    expect(hasAll(node)).toBe(true);
  });

  /** Starts it as a child of a shell, and waits until the node is at that command. */
  async function startedUntil(
    command: string,
    { node, settings, cwd }: Awaited<ReturnType<typeof entry>>,
    through: string,
  ) {
    const started = startBundle(program, { verb: 'access', settings, cwd, through });
    await vi.waitFor(() => expect(node.commands().at(-1)).toContain(command), { timeout: 20_000 });
    return started;
  }

  test('it goes on as well when its terminal closes', async () => {
    const own = await entry();
    const release = own.node.faults.holdLock();
    const { child, ended } = await startedUntil('pveum user add', own, 'exec "$@"');
    child.kill('SIGHUP');
    release();
    expect([(await ended).exit, hasAll(own.node)]).toEqual([0, true]);
  });

  test('it ends what it has begun when the process that started it is killed', async () => {
    const own = await entry();
    const release = own.node.faults.holdLock();
    const { child, ended } = await startedUntil('pveum user add', own, '"$@" & wait');
    child.kill('SIGKILL');
    await once(child, 'exit');
    release();
    expect([(await ended).stderr, hasAll(own.node)]).toEqual(['', true]);
  });

  test('it begins nothing when that process is gone by then', async () => {
    const own = await entry();
    const release = await own.node.faults.holdRunLock();
    const { child, ended } = await startedUntil('nodes-end', own, '"$@" & wait');
    child.kill('SIGKILL');
    await once(child, 'exit');
    release();
    expect((await ended).stderr).toMatch(/^The engine that started this program is gone\.\n/);
    expect(nodeFiles(own.node).user).not.toContain('opentofu');
  });
});
