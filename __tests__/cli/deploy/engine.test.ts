import { readFileSync, rmSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAILED, FINDINGS, WELL } from '../../../cli/exit';
import { runCli } from '../../../cli/program';
import type { SimulatedNode } from '../../../simulator/node';
import { useLab } from '../../engine/support/lab';
import { descendants } from '../../engine/support/processes';
import { secretsOn } from '../../engine/support/pve';
import { atConsole } from '../../support/on-node';
import { anEntry, aTerminal } from '../support';

/** The commands that run an engine, with a real one. */
describe('an operator with a real engine', () => {
  let node: SimulatedNode;
  const lab = useLab(async (made) => {
    node = await made.startNode('nuc');
    made.write([anEntry(node)]);
  });

  async function run(...argv: readonly string[]) {
    const terminal = aTerminal();
    const { project, engine } = lab();
    const context = {
      folder: project.folder,
      environment: { ...process.env, ...engine.env },
      machine: { home: project.folder, localUser: 'operator', systemFolder: project.folder },
      clock: { now: Date.now, sleep: async () => {} },
      terminal,
      signal: new AbortController().signal,
    };
    const exit = await runCli(argv, context);
    return { exit, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') };
  }
  function killEngineBefore(command: RegExp): void {
    node.faults.onCommand = (moment, line) => {
      if (moment !== 'before' || !command.test(line)) return undefined;
      for (const pid of descendants((text) => /(terraform|tofu)(_\S+)? apply/.test(text))) process.kill(pid, 'SIGKILL');
      return undefined;
    };
  }
  const loseAcl = () =>
    atConsole(node, 'pveum', 'acl', 'delete', '/', '--users', 'opentofu@pve', '--roles', 'opentofu-role');
  const file = () => readFileSync(lab().file, 'utf8');
  const secret = () => secretsOn(node).get('opentofu@pve!opentofu-token') ?? '';

  test('deploys, with a line a step and a private log', async () => {
    const { exit, printed } = await run('deploy', 'lab', '--auto-approve');
    expect([exit, printed]).toEqual([WELL, expect.stringContaining('nuc: token opentofu@pve!opentofu-token: made')]);
    expect(printed).toContain('env/lab/terraform.tfvars: written, mode 0600');
    const [, log = ''] = /^log: (.*)$/m.exec(printed) ?? [];
    expect(statSync(log).mode & 0o077).toBe(0);
    expect(file()).toContain(secret());
    expect(readFileSync(log, 'utf8')).not.toContain(secret());
  }, 300_000);

  test('is not deployed for without being asked', async () => {
    const { exit, noted } = await run('deploy', 'lab');
    expect([exit, noted]).toEqual([FAILED, expect.stringContaining('Add `--auto-approve`.')]);
  });

  test('sees drift and repairs it, the file in place and to the byte', async () => {
    await loseAcl();
    const [before, inode] = [file(), statSync(lab().file).ino];
    expect((await run('plan', 'lab')).exit).toBe(FINDINGS);
    const { exit, printed } = await run('repair', 'lab', '--auto-approve');
    expect([exit, printed]).toEqual([WELL, expect.stringContaining('acl /: opentofu-role given to opentofu@pve')]);
    expect([file(), statSync(lab().file).ino]).toEqual([before, inode]);
    expect((await run('plan', 'lab')).exit).toBe(WELL);
  }, 300_000);

  test('rotates: another secret on the node and in the file, the env file else as it was', async () => {
    const [old, env] = [secret(), readFileSync(lab().path('env/lab.tfvars'), 'utf8')];
    expect((await run('rotate', 'lab', 'nuc', '--auto-approve')).exit).toBe(WELL);
    expect(secret()).not.toBe(old);
    expect(file()).toContain(secret());
    const lines = readFileSync(lab().path('env/lab.tfvars'), 'utf8').split('\n');
    expect(lines.filter((line) => !env.split('\n').includes(line))).toEqual(['      generation = "2"']);
  }, 300_000);

  test('hears that its engine was killed, which cdktf does not tell, and goes on with the next deploy', async () => {
    lab().write([anEntry(node, { bootstrap: ['role = "opentofu-role"', 'preset = "opentofu"', 'generation = "3"'] })]);
    killEngineBefore(/token modify/);
    const killed = await run('deploy', 'lab', '--auto-approve');
    delete node.faults.onCommand;
    expect(killed.exit).toBe(FAILED);
    expect(killed.noted).toContain('The engine did not finish: no result came for lab.');
    expect((await run('deploy', 'lab', '--auto-approve')).exit).toBe(WELL);
    expect(file()).toContain(secret());
  }, 300_000);

  test('repairs by a deploy what a repair left whose engine was killed', async () => {
    await loseAcl();
    killEngineBefore(/acl modify/);
    const [before, killed] = [file(), await run('repair', 'lab', '--auto-approve')];
    delete node.faults.onCommand;
    expect([killed.exit, file()]).toEqual([FAILED, before]);
    expect(killed.noted).toContain('Deploy again');
    expect((await run('deploy', 'lab', '--auto-approve')).exit).toBe(WELL);
    expect([(await run('plan', 'lab')).exit, file()]).toEqual([WELL, before]);
  }, 300_000);

  test('gets a file that was deleted from the state, without a connection', async () => {
    rmSync(lab().file);
    node.resetLog();
    expect((await run('deploy', 'lab', '--auto-approve')).exit).toBe(WELL);
    expect([file().includes(secret()), node.connections()]).toEqual([true, 0]);
  }, 300_000);

  test('rotates without an outage: a second token, and in the end that one alone', async () => {
    const old = secret();
    expect((await run('rotate', 'lab', 'nuc', '--without-outage', '--auto-approve')).exit).toBe(WELL);
    const next = secretsOn(node).get('opentofu@pve!opentofu-token-2') ?? '';
    expect([secret(), file().includes(`opentofu@pve!opentofu-token-2=${next}`)]).toEqual([old, true]);
    expect((await run('rotate', 'lab', 'nuc', '--finish', '--auto-approve')).exit).toBe(WELL);
    expect([...secretsOn(node)]).toEqual([['opentofu@pve!opentofu-token-2', next]]);
  }, 300_000);
});
