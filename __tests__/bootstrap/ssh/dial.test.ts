import { createServer } from 'node:net';

import { describe, expect, test } from 'vitest';

import { attempt, listen, machineOf, makeHome, makeKey, put, startNode } from './support';

const key = makeKey();

function home(): string {
  const folder = makeHome();
  put(folder, 'id_ed25519', key.private);
  return folder;
}

describe('a dial that fails', () => {
  test('twice and then succeeds has waited 1 s and 2 s, with a line for each', async () => {
    const node = await startNode({ keys: [key], drops: 2 });
    const tries = attempt();
    await tries.connect({ port: node.port, host_key: node.hostKey.fingerprint }, machineOf(home()));
    expect(tries.pauses).toEqual([1000, 2000]);
    expect(tries.lines.map((line) => line.replace(/: the connection was .*;/, ': …;'))).toEqual([
      `ssh: connecting to \`root@127.0.0.1:${node.port}\``,
      'ssh: attempt 1 of 3 failed: …; again in 1 s',
      'ssh: attempt 2 of 3 failed: …; again in 2 s',
    ]);
  });

  test('three times is refused with the cause and what to look at', async () => {
    // A port that was free a moment ago: nothing listens there.
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const tries = attempt();
    const refusal = await tries.refusal({ port }, machineOf(home()));
    expect(
      refusal.message,
    ).toBe(`\`root@127.0.0.1:${port}\` cannot be reached: the connection was refused: nothing listens there, or a firewall turns it away (ECONNREFUSED).
  why: 3 attempts were made; no command was sent.
  fix: Check that the machine is up and sshd runs, that host and port are right, that no firewall or VPN is in the way; \`ssh.timeouts.connect\` is the limit of one attempt.`);
    expect([refusal.code, tries.pauses]).toEqual(['CONNECT_FAILED', [1000, 2000]]);
  });

  test('because nothing is said there is given up at the time limit', async () => {
    const port = await listen(createServer((socket) => void socket.on('error', () => {}).resume()));
    const tries = attempt();
    const refusal = await tries.refusal({ port, timeouts: { connect: 0.1, command: 1, lock: 1 } }, machineOf(home()));
    expect(refusal.what).toBe(
      `\`root@127.0.0.1:${port}\` cannot be reached: the SSH handshake took longer than 0.1 s.`,
    );
    expect(tries.pauses).toEqual([1000, 2000]);
  });

  test('because something else answers is not tried again', async () => {
    const port = await listen(
      createServer(
        (socket) =>
          void socket
            .on('error', () => {})
            .resume()
            .write(`${'x'.repeat(9000)}\n`),
      ),
    );
    const tries = attempt();
    const refusal = await tries.refusal({ port }, machineOf(home()));
    expect(
      refusal.message.replace(/got: .*/, 'got: …'),
    ).toBe(`\`root@127.0.0.1:${port}\` answers, but no SSH session came about, got: …
  why: What listens there is not an SSH server, or the two have no algorithm in common.
  fix: Check host and port; an SSH server from before 2016 has to be updated.`);
    expect([refusal.code, tries.pauses]).toEqual(['HANDSHAKE_FAILED', []]);
  });

  test('because the name does not exist is not tried again', async () => {
    const tries = attempt();
    // RFC 6761: never a name.
    const refusal = await tries.refusal({ host: 'pve.invalid' }, machineOf(home()));
    if (refusal.code === 'CONNECT_FAILED') return; // No name server answers here (EAI_AGAIN): that is tried again.
    expect(refusal.message).toBe(`\`root@pve.invalid:22\` cannot be reached: the name \`pve.invalid\` does not exist.
  why: The name servers of this machine do not know it (ENOTFOUND), so there was no second attempt.
  fix: Correct \`ssh.host\` in the entry (an address works too), or the HostName in the ssh config.`);
    expect(tries.pauses).toEqual([]);
  });
});

describe('through a jump host', () => {
  test('the node is reached, each with a host key check and a login of its own', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key], forwards: true })];
    const folder = home();
    put(folder, 'known_hosts', node.known() + bastion.known('bastion'));
    put(folder, 'config', `Host b\n HostName 127.0.0.1\n Port ${bastion.port}\n User ops\n HostKeyAlias bastion\n`);
    const tries = attempt();
    const connection = await tries.connect({ port: node.port, jump: 'b' }, machineOf(folder));
    expect((await connection.run('hostname')).stdout).toBe('hostname');
    expect(bastion.logins).toEqual([`ops publickey ${key.fingerprint}`]);
    expect(bastion.forwarded).toEqual([`127.0.0.1:${node.port}`]);
    expect(tries.lines).toEqual([
      `ssh: connecting to \`ops@127.0.0.1:${bastion.port}\` (jump host 1 of 1 on the way to \`127.0.0.1:${node.port}\`)`,
      `ssh: connecting to \`root@127.0.0.1:${node.port}\` (through \`127.0.0.1:${bastion.port}\`)`,
    ]);
    await connection.close();
    await Promise.all([node.idle(), bastion.idle()]);
  });

  test('and another, the node is reached too', async () => {
    const node = await startNode({ keys: [key] });
    const [outer, inner] = [
      await startNode({ keys: [key], forwards: true }),
      await startNode({ keys: [key], forwards: true }),
    ];
    const folder = home();
    put(folder, 'known_hosts', node.known() + outer.known() + inner.known());
    const jump = `root@127.0.0.1:${outer.port},root@127.0.0.1:${inner.port}`;
    const connection = await attempt().connect({ port: node.port, jump }, machineOf(folder));
    expect((await connection.run('hostname')).stdout).toBe('hostname');
    expect(outer.forwarded).toEqual([`127.0.0.1:${inner.port}`]);
  });

  test('whose host key is unknown, the refusal says which hop, and offers no pin', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key], forwards: true })];
    const settings = { port: node.port, jump: `ops@127.0.0.1:${bastion.port}`, host_key: node.hostKey.fingerprint };
    const refusal = await attempt().refusal(settings, machineOf(home()));
    expect(refusal.what).toBe(
      `\`ops@127.0.0.1:${bastion.port}\` (jump host 1 of 1 on the way to \`127.0.0.1:${node.port}\`) showed a host key that is not known, got: ${bastion.hostKey.fingerprint} (ssh-ed25519).`,
    );
    expect(refusal.fix).toMatch(/If it is the same, add this line to /);
    expect(node.connections()).toBe(0);
  });

  test('that does not let us in, the password of the node is not sent to it', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [], password: 'x' })];
    const folder = home();
    put(folder, 'known_hosts', bastion.known());
    const settings = { port: node.port, jump: `ops@127.0.0.1:${bastion.port}` };
    const refusal = await attempt().refusal(settings, machineOf(folder, { password: 'hunter2' }));
    expect(refusal.code).toBe('AUTH_FAILED');
    expect(refusal.fix).toBe(
      `Put your public key there (ssh-copy-id -p ${bastion.port} ops@127.0.0.1), load the key into the SSH agent, or set PROXMOX_SSH_PASSPHRASE.`,
    );
    expect(bastion.logins).toEqual([`ops publickey ${key.fingerprint}`]);
  });

  test('that forwards nothing, the refusal says so and nothing is left open', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key] })];
    const folder = home();
    put(folder, 'known_hosts', bastion.known());
    const tries = attempt();
    const refusal = await tries.refusal(
      { port: node.port, jump: `127.0.0.1:${bastion.port}`, user: 'root' },
      machineOf(folder),
    );
    expect(
      refusal.message,
    ).toBe(`\`root@127.0.0.1:${node.port}\` (through \`127.0.0.1:${bastion.port}\`) cannot be reached: the jump host before it does not forward connections.
  why: Its SSH server refused to, by its configuration.
  fix: Set \`AllowTcpForwarding yes\` (and PermitOpen) for the user on the jump host, or take another one.`);
    expect([refusal.code, tries.pauses]).toEqual(['FORWARDING_FORBIDDEN', []]);
    await bastion.idle();
  });

  test('that cannot reach the node, it is tried again through the same jump host', async () => {
    const bastion = await startNode({ keys: [key], forwards: false });
    const folder = home();
    put(folder, 'known_hosts', bastion.known());
    const tries = attempt();
    const refusal = await tries.refusal({ host: 'pve', jump: `root@127.0.0.1:${bastion.port}` }, machineOf(folder));
    expect(refusal.what).toBe(
      `\`root@pve:22\` (through \`127.0.0.1:${bastion.port}\`) cannot be reached: the jump host could not connect to it.`,
    );
    expect([bastion.forwarded, bastion.connections()]).toEqual([['pve:22', 'pve:22', 'pve:22'], 1]);
  });

  test.each(['jump host', 'node'])('a command is not answered when the %s is lost', async (lost) => {
    const bastion = await startNode({ keys: [key], forwards: true });
    const node = await startNode({ keys: [key], answer: () => (lost === 'node' ? node : bastion).cut() });
    const folder = home();
    put(folder, 'known_hosts', node.known() + bastion.known());
    const settings = { port: node.port, jump: `root@127.0.0.1:${bastion.port}` };
    const connection = await attempt().connect(settings, machineOf(folder));
    await expect(connection.run('pveum')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await connection.close();
    await Promise.all([node.idle(), bastion.idle()]);
  });
});
