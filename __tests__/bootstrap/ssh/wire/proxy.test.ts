import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { forEntry, readMachine } from '../../../../bootstrap/ssh';
import { attempt, machineOf, makeHome, makeKey, put, putConfig, startNode, type TestNode } from '../support';

const key = makeKey();

/** A home whose ssh config has this ProxyCommand, in which RELAY leads to the host and port behind it. */
function homeWith(command: string): string {
  const home = makeHome();
  const relay = `const socket = require('node:net').connect(process.argv[3], process.argv[2]);
    require('node:fs').writeFileSync(${JSON.stringify(join(home, 'pid'))}, String(process.pid));
    process.stdin.pipe(socket).pipe(process.stdout);`;
  writeFileSync(join(home, 'relay.cjs'), relay);
  put(home, 'id_ed25519', key.private);
  putConfig(home, `ProxyCommand ${command.replace('RELAY', `${process.execPath} ${join(home, 'relay.cjs')}`)}`);
  return home;
}

const pinned = (node: TestNode) => ({ port: node.port, host_key: node.hostKey.fingerprint });

function isAlive(home: string): boolean {
  try {
    return !/ [ZX] /.test(readFileSync(`/proc/${readFileSync(join(home, 'pid'), 'utf8')}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a ProxyCommand', () => {
  test('carries the connection, says what it has to say, and ends with it', async () => {
    const node = await startNode({ keys: [key] });
    const home = homeWith("sh -c 'echo log in at \u001b[1mhttps://x >&2; exec RELAY %h %p'");
    const tries = attempt();
    const connection = await tries.connect(pinned(node), machineOf(home));
    await connection.start('hostname');
    expect([node.commands, isAlive(home)]).toEqual([['hostname'], true]);
    expect(tries.lines).toEqual([
      `ssh: connecting to \`root@127.0.0.1:${node.port}\` (via its ProxyCommand)`,
      'ssh: ProxyCommand: log in at ?[1mhttps://x',
    ]);
    await connection.close();
    await node.idle();
    while (isAlive(home)) await turn();
  });

  test('leads on to a jump host', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key], forwards: true })];
    const home = homeWith('RELAY %h %p');
    put(home, 'known_hosts', bastion.known());
    const settings = { ...pinned(node), jump: `root@127.0.0.1:${bastion.port}` };
    const connection = await attempt().connect(settings, machineOf(home));
    await connection.start('hostname');
    expect([node.commands, bastion.forwarded]).toEqual([['hostname'], [`127.0.0.1:${node.port}`]]);
  });

  test('that fails is tried again, and what it said is told', async () => {
    const tries = attempt();
    const refusal = await tries.refusal({ port: 7 }, machineOf(homeWith('sh -c "echo no tunnel >&2; exit 1"')));
    expect(refusal.what).toBe(
      'Cannot connect to `root@127.0.0.1:7` (via its ProxyCommand): connection closed during the SSH handshake.',
    );
    expect(tries.lines.filter((line) => line === 'ssh: ProxyCommand: no tunnel')).toHaveLength(3);
    expect(tries.pauses).toEqual([1000, 2000]);
  });

  test('that says nothing is given up at the time limit, and ended', async () => {
    const home = makeHome();
    putConfig(home, `ProxyCommand sh -c 'printf $$ > ${join(home, 'pid')}; exec sleep 1000'`);
    const timeouts = { connect: 1, command: 1, lock: 1 };
    const refusal = await attempt().refusal({ port: 7, timeouts }, machineOf(home));
    expect(refusal.what).toMatch(/: timed out after 1 s during the SSH handshake\.$/);
    while (isAlive(home)) await turn();
  });

  test('is not run by a shell that is not there', async () => {
    const home = homeWith('RELAY %h %p');
    const ssh = { home, environment: { ...process.env, SHELL: '/nonexistent' }, configFile: join(home, '.ssh/config') };
    const refusal = await attempt().refusal({ port: 7 }, machineOf(home, { ssh }));
    expect(refusal.what).toMatch(/ENOENT\.$/);
  });

  test('gets no secret of ours', async () => {
    const home = homeWith('env >&2');
    const secrets = {
      PROXMOX_SSH_PASSWORD: 'hunter2',
      PROXMOX_SSH_PASSWORD_NUC_1: 'hunter2 too',
      PROXMOX_SSH_PASSPHRASE: 'open sesame',
    };
    const read = readMachine({ ...process.env, ...secrets, PROXMOX_SSH_CONFIG: join(home, '.ssh/config') });
    const tries = attempt();
    await tries.refusal({ port: 7 }, { ...read, project: home });
    expect(tries.lines.join('\n')).toMatch(/ProxyCommand: PATH=/);
    expect(tries.lines.join('\n')).not.toMatch(/hunter2|open sesame/);
    expect([read.password, read.passphrase]).toEqual(['hunter2', 'open sesame']);
    expect(['nuc-1', 'nuc'].map((entry) => forEntry(read, entry).password)).toEqual(['hunter2 too', 'hunter2']);
  });

  test('that is a pipeline ends with its connection, too', async () => {
    const node = await startNode({ keys: [key] });
    const home = homeWith('cat | RELAY %h %p');
    const connection = await attempt().connect(pinned(node), machineOf(home));
    await connection.close();
    await node.idle();
    while (isAlive(home)) await turn();
  });
});
