import { describe, expect, test } from 'vitest';
import { PRIVILEGES as COMMAND } from '../../cli/commands/privileges';
import { TASKS } from '../../contract/tasks';
import { RELEASES } from '../../simulator/node';
import { privilegesOf } from '../../simulator/pveum/privileges';
import { aTerminal, Desk } from './support';

const run = (...argv: string[]) => new Desk().run(['privileges', ...argv]);
const parsed = async (...argv: string[]) => JSON.parse((await run(...argv, '--json')).stdout);
const namesOf = ({ privileges }: { privileges: { name: string }[] }) => privileges.map(({ name }) => name);

test('without a word it shows every preset and every task, and whom they are for', async () => {
  const { exit, stdout, stderr } = await run();
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatchSnapshot();
});

test('a preset is shown as the release of the node takes it, with what each privilege is for', async () => {
  const { stdout } = await run('opentofu', '--release', '8');
  expect(stdout).toMatchSnapshot();
  expect((await run('opentofu')).stdout).toContain('preset "opentofu" on Proxmox VE 9: 16 privileges');
});

test.each(RELEASES)('a preset that is a built-in role shows what %s puts into that role', async (release) => {
  const { specialRoles } = privilegesOf(release);
  for (const [preset, role] of Object.entries({ administrator: 'Administrator', exporter: 'PVEAuditor' })) {
    const shown = await parsed(preset, '--release', release.slice(0, 1));
    expect(shown).toMatchObject({ version: 1, release: Number(release.slice(0, 1)), preset, role });
    expect(namesOf(shown)).toEqual([...(specialRoles.get(role) ?? [])].sort());
  }
});

describe('a difference', () => {
  test('shows what the other preset grants more and less, and ends with 3', async () => {
    const { exit, stdout } = await run('opentofu', '--diff', 'csi');
    expect(exit).toBe(3);
    expect(stdout).toMatchSnapshot();
  });

  test('is green and red on a terminal, and cut where that ends', async () => {
    const terminal = aTerminal({ colour: true, columns: 60 });
    await new Desk().run(['privileges', 'csi', '--diff', 'ccm'], { terminal });
    expect(terminal.printed.map((line) => line.replaceAll('\u001b[', 'ESC['))).toMatchInlineSnapshot(`
      [
        "from preset "csi" to "ccm" on Proxmox VE 9: +2 -4",
        "  ESC[32m+ Sys.Audit                See status and configuration o…ESC[39m",
        "  ESC[32m+ VM.GuestAgent.Audit      Ask the guest agent: addresses…ESC[39m",
        "  ESC[31m- Datastore.Allocate       Create, change and remove stor…ESC[39m",
        "  ESC[31m- Datastore.AllocateSpace  Make disks and store backups o…ESC[39m",
        "  ESC[31m- Datastore.Audit          See a storage and list what is…ESC[39m",
        "  ESC[31m- VM.Config.Disk           Add, change, resize and remove…ESC[39m",
      ]
    `);
  });

  test('of a preset with itself ends with 0', async () => {
    expect(await run('csi', '--diff', 'csi')).toEqual({
      exit: 0,
      stdout: 'from preset "csi" to "csi" on Proxmox VE 9: +0 -0',
      stderr: '',
    });
  });

  test('is data for programs', async () => {
    const { add, remove, ...rest } = await parsed('csi', '--diff', 'ccm');
    expect(rest).toEqual({ version: 1, release: 9, from: 'csi', to: 'ccm' });
    expect(namesOf({ privileges: add })).toEqual(['Sys.Audit', 'VM.GuestAgent.Audit']);
    expect(remove[0]).toEqual({
      name: 'Datastore.Allocate',
      for: 'Create, change and remove storages, and delete volumes on them.',
    });
  });
});

describe('a task', () => {
  test('shows the least that it takes, where, and the line for the env file', async () => {
    expect((await run('--task', 'clone', '--task', 'snapshot')).stdout).toMatchSnapshot();
  });

  test('leaves out what the release does not know', async () => {
    expect(namesOf(await parsed('--task', 'clone', '--release', '7'))).not.toContain('SDN.Use');
  });

  test('that no token can do on a release is refused', async () => {
    const { exit, stdout, stderr } = await run('--task', 'passthrough', '--release', '7');
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "No token can do \`passthrough\` on Proxmox VE 7.
        why: It takes \`Mapping.Use\`, which came with a later release.
        fix: Upgrade the node, or do this as root@pam with a password."
    `);
  });

  test('is named in the help', () => {
    expect(COMMAND.options.task?.value?.split('|')).toEqual(Object.keys(TASKS));
  });
});

test.each([
  [['tofu'], 'There is no preset `tofu`. There are: opentofu, '],
  [['constructor'], 'There is no preset `constructor`. '],
  [['--task', 'fly'], 'There is no task `fly`. There are: clone, '],
  [['--diff', 'csi'], '`--diff` compares two presets: name both.'],
  [['csi', '--task', 'clone'], '`--task` stands alone: it takes no preset.'],
  [['csi', '--release', '6'], '`--release` is 7, 8 or 9, got: 6'],
])('%j is wrong use', async (argv, message) => {
  const { exit, stdout, stderr } = await run(...argv);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain('See: proxmox-tokens privileges --help');
});
