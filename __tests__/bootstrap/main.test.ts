import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SETTINGS_FORMAT } from '../../contract/settings';
import { aNode, temporaryFolder } from '../support/node';
import { bundleProgram, runBundle, startBundle } from '../support/program';
import { nodeFiles, settingsFor } from '../support/verbs';

let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxmox-tokens-'));
  program = bundleProgram(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIX =
  'Synthesize and deploy again with one release of the constructs and the program (`npm ci`, then `cdktf deploy`).';
const unusable = (cause: string) =>
  [
    `The settings in \`PROXMOX_TOKENS_SETTINGS\` cannot be used: ${cause}.`,
    '  why: This program is run by the provisioners of a synthesized stack, which hand it its settings in that variable.',
    `  fix: ${FIX}`,
    '',
  ].join('\n');

describe('the program ends with 1 and says what to do', () => {
  test.each(['nonsense', '', undefined])('when there is no verb %s', async (verb) => {
    expect(await runBundle(program, { verb, cwd: folder })).toEqual({
      exit: 1,
      stdout: '',
      stderr: [
        `There is no verb \`${verb ?? ''}\`.`,
        '  why: The first argument names what to do.',
        '  fix: Use one of `access`, `token`, `revoke`, `forget`.',
        '',
      ].join('\n'),
    });
  });

  test.each(['access', 'token', 'revoke', 'forget'])('when the settings of %s are missing', async (verb) => {
    expect(await runBundle(program, { verb, cwd: folder })).toEqual({
      exit: 1,
      stdout: '',
      stderr: unusable('it is not set'),
    });
  });

  test.each([
    ['{"format":', 'it is not JSON'],
    ['', 'it is not JSON'],
    ['null', 'its format is undefined, this program reads 1'],
    ['{}', 'its format is undefined, this program reads 1'],
    ['{"format":2}', 'its format is 2, this program reads 1'],
  ])('when the settings are %j', async (settings, cause) => {
    expect(await runBundle(program, { verb: 'token', settings, cwd: folder })).toEqual({
      exit: 1,
      stdout: '',
      stderr: unusable(cause),
    });
  });
});

test('the program ends with 70 and its stack when it is at fault', async () => {
  const settings = { format: SETTINGS_FORMAT, project: '.' };
  const { exit, stdout, stderr } = await runBundle(program, { verb: 'token', settings, cwd: folder });
  expect([exit, stdout]).toEqual([70, '']);
  expect(stderr).toMatch(/^This is a defect of the bootstrap program, please report it\.\nTypeError: .*\n {4}at /);
});

describe('as a process of its own', () => {
  test('it makes a token, tells every step, and never the secret', async () => {
    const node = await aNode();
    const project = temporaryFolder();
    const settings = settingsFor(node);
    for (const verb of ['access', 'token']) {
      const { exit, stdout, stderr } = await runBundle(program, { verb, settings, cwd: project });
      expect([exit, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/\n$/);
      expect(stdout).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    }
    expect(readdirSync(join(project, '.handoff/lab'))).toEqual(['nuc-1']);
    const handoffs = { format: SETTINGS_FORMAT, project: '.', handoffs: '.handoff/lab' };
    expect(await runBundle(program, { verb: 'forget', settings: handoffs, cwd: project })).toMatchObject({
      exit: 0,
      stdout: 'hand-off: 1 deleted, the state alone holds the secrets\n',
    });
    const revoked = await runBundle(program, {
      verb: 'revoke',
      settings: { ...settings, removal: 'revoke' },
      cwd: project,
    });
    expect(revoked.exit).toBe(0);
    expect(nodeFiles(node).token).toBe('');
  });

  test('it does not touch the node where its hand-off would not fit on the disk', async () => {
    const node = await aNode();
    const project = temporaryFolder();
    const before = nodeFiles(node);
    const settings = settingsFor(node);
    // No file may grow: what a full disk does, without one.
    const through = 'trap \'\' XFSZ; ulimit -f 0; exec "$@"';
    const { exit, stderr } = await runBundle(program, { verb: 'token', settings, cwd: project, through });
    expect(exit).toBe(1);
    expect(stderr).toContain('cannot be written: EFBIG.');
    expect(nodeFiles(node)).toEqual(before);
    expect(node.commands()).toEqual([]);
    expect(readdirSync(join(project, '.handoff/lab'))).toEqual([]);
  });

  test('it goes on to the end of its work when nobody reads its output any longer', async () => {
    const node = await aNode();
    const project = temporaryFolder();
    const settings = settingsFor(node, { verify: false });
    const through = '"$@" | true';
    expect((await runBundle(program, { verb: 'access', settings, cwd: project, through })).exit).toBe(0);
    await runBundle(program, { verb: 'access', settings, cwd: project, through: '"$@" >/dev/full 2>/dev/full' });
    expect(nodeFiles(node).user).toContain('role:opentofu-role:');
    expect(nodeFiles(node).user).toContain('acl:1:/:opentofu@pve:opentofu-role:');
  });

  test('it stops before its next change when the process that started it is killed', async () => {
    const node = await aNode();
    const project = temporaryFolder();
    const release = node.faults.holdLock();
    const { child, ended } = startBundle(program, {
      verb: 'access',
      settings: settingsFor(node),
      cwd: project,
      through: '"$@" & wait',
    });
    await vi.waitFor(() => expect(node.commands().at(-1)).toContain('pveum user add'), { timeout: 20_000 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    release();
    expect((await ended).stderr).toBe(
      [
        'The engine that started this program is gone.',
        '  why: Going on alone could undo what the next deploy does.',
        '  fix: Deploy again: the next run goes on from here.',
        '  done before this: user opentofu@pve: added',
        '',
      ].join('\n'),
    );
    expect(nodeFiles(node).user).toContain('user:opentofu@pve:');
    expect(nodeFiles(node).user).not.toContain('role:opentofu-role:');
  });
});
