import { createServer } from 'node:net';

import { describe, expect, test } from 'vitest';

import { attempt, listen, machineOf, makeHome, makeKey, named, put, putConfig, startNode } from '../support';

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
    expect(tries.lines.map((line) => line.replace(/: connection .*;/, ': WHY;'))).toEqual([
      `ssh: connecting to \`root@127.0.0.1:${node.port}\``,
      'ssh: attempt 1 of 3 failed: WHY; next in 1 s',
      'ssh: attempt 2 of 3 failed: WHY; next in 2 s',
    ]);
  });

  test('three times is refused with the cause and what to look at', async () => {
    // A port that was free a moment ago: nothing listens there.
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const tries = attempt();
    const refusal = await tries.refusal({ port }, machineOf(home()));
    expect(named(refusal.message, { PORT: port })).toMatchInlineSnapshot(`
      "Cannot connect to \`root@127.0.0.1:PORT\`: connection refused (ECONNREFUSED).
        why: 3 attempts failed. Nothing was sent to the node.
        fix: Check that sshd runs there, that host and port are correct, and that no firewall or VPN blocks them. \`ssh.timeouts.connect\` limits one attempt."
    `);
    expect([refusal.code, tries.pauses]).toEqual(['CONNECT_FAILED', [1000, 2000]]);
  });

  test('because nothing is said there is given up at the time limit', async () => {
    const port = await listen(createServer((socket) => void socket.on('error', () => {}).resume()));
    const tries = attempt();
    const refusal = await tries.refusal({ port, timeouts: { connect: 0.1, command: 1, lock: 1 } }, machineOf(home()));
    expect(refusal.what).toMatch(/: timed out after 0\.1 s during the SSH handshake\.$/);
    expect(tries.pauses).toEqual([1000, 2000]);
  });

  test('because something else answers is not tried again', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).resume();
      socket.write(`${'x'.repeat(9000)}\n`);
    });
    const port = await listen(server);
    const tries = attempt();
    const refusal = await tries.refusal({ port }, machineOf(home()));
    expect(named(refusal.message.replace(/got: .*/, 'got: WHAT'), { PORT: port })).toMatchInlineSnapshot(`
      "The SSH handshake with \`root@127.0.0.1:PORT\` failed, got: WHAT
        why: The port does not belong to an SSH server, or it shares no algorithm with this program, which has no post-quantum key exchange.
        fix: Check host and port, and \`KexAlgorithms\`, \`Ciphers\` and \`MACs\` on both sides. Update an SSH server from before 2016."
    `);
    expect([refusal.code, tries.pauses]).toEqual(['HANDSHAKE_FAILED', []]);
  });

  test('because the name does not exist is not tried again', async () => {
    const tries = attempt();
    // RFC 6761: never a name.
    const refusal = await tries.refusal({ host: 'pve.invalid' }, machineOf(home()));
    if (refusal.code === 'CONNECT_FAILED') return; // No name server answers here (EAI_AGAIN): that is tried again.
    expect(refusal.message).toMatchInlineSnapshot(`
      "Cannot connect to \`root@pve.invalid:22\`: the name \`pve.invalid\` does not exist (ENOTFOUND).
        why: The name servers of this machine do not know it, so there was no second attempt.
        fix: Correct \`ssh.host\` in the entry (an IP address works, too), or \`HostName\` in the ssh config."
    `);
    expect(tries.pauses).toEqual([]);
  });
});

describe('through a jump host', () => {
  test('the node is reached, each with a host key check and a login of its own', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key], forwards: true })];
    const folder = home();
    put(folder, 'known_hosts', node.known() + bastion.known('bastion'));
    putConfig(folder, `Host b\n HostName 127.0.0.1\n Port ${bastion.port}\n User ops\n HostKeyAlias bastion\n`);
    const tries = attempt();
    const connection = await tries.connect({ port: node.port, jump: 'b' }, machineOf(folder));
    await connection.start('hostname');
    expect(node.commands).toEqual(['hostname']);
    expect(bastion.logins).toEqual([`ops publickey ${key.fingerprint}`]);
    expect(bastion.forwarded).toEqual([`127.0.0.1:${node.port}`]);
    expect(tries.lines).toEqual([
      `ssh: connecting to \`ops@127.0.0.1:${bastion.port}\` (jump host 1 of 1 to \`127.0.0.1:${node.port}\`)`,
      `ssh: connecting to \`root@127.0.0.1:${node.port}\` (via \`127.0.0.1:${bastion.port}\`)`,
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
    await connection.start('hostname');
    expect(node.commands).toEqual(['hostname']);
    expect(outer.forwarded).toEqual([`127.0.0.1:${inner.port}`]);
  });

  test('whose host key is unknown, the refusal says which hop, and offers no pin', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key], forwards: true })];
    const settings = { port: node.port, jump: `ops@127.0.0.1:${bastion.port}`, host_key: node.hostKey.fingerprint };
    const refusal = await attempt().refusal(settings, machineOf(home()));
    expect(refusal.what).toMatch(`(jump host 1 of 1 to \`127.0.0.1:${node.port}\`) presented an unknown host key`);
    expect(refusal.fix).toMatch(/ If it matches, add this line to /);
    expect(node.connections()).toBe(0);
  });

  test('that does not let us in, the password of the node is not sent to it', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [], password: 'x' })];
    const folder = home();
    put(folder, 'known_hosts', bastion.known());
    const settings = { port: node.port, jump: `ops@127.0.0.1:${bastion.port}` };
    const refusal = await attempt().refusal(settings, machineOf(folder, { password: 'hunter2' }));
    expect(refusal.code).toBe('AUTH_FAILED');
    expect(refusal.fix).toBe(`Authorize your key there (\`ssh-copy-id -p ${bastion.port} ops@127.0.0.1\`).`);
    expect(bastion.logins).toEqual([`ops publickey ${key.fingerprint}`]);
  });

  test('that forwards nothing, the refusal says so and nothing is left open', async () => {
    const [node, bastion] = [await startNode({ keys: [key] }), await startNode({ keys: [key] })];
    const folder = home();
    put(folder, 'known_hosts', bastion.known());
    const tries = attempt();
    const settings = { port: node.port, jump: `127.0.0.1:${bastion.port}` };
    const refusal = await tries.refusal(settings, machineOf(folder));
    expect(named(refusal.message, { NODE: node.port, BASTION: bastion.port })).toMatchInlineSnapshot(`
      "Cannot connect to \`root@127.0.0.1:NODE\` (via \`127.0.0.1:BASTION\`): the jump host before it does not forward connections.
        why: The settings of its SSH server forbid it.
        fix: Set \`AllowTcpForwarding yes\` (and \`PermitOpen\`) for the user on the jump host, or use another jump host."
    `);
    expect([refusal.code, tries.pauses]).toEqual(['FORWARDING_FORBIDDEN', []]);
    await bastion.idle();
  });

  test('that cannot reach the node, it is tried again through the same jump host', async () => {
    const bastion = await startNode({ keys: [key], forwards: false });
    const folder = home();
    put(folder, 'known_hosts', bastion.known());
    const tries = attempt();
    const refusal = await tries.refusal({ host: 'pve', jump: `root@127.0.0.1:${bastion.port}` }, machineOf(folder));
    expect(refusal.what).toMatch(/: the jump host could not connect\.$/);
    expect([bastion.forwarded, bastion.connections()]).toEqual([['pve:22', 'pve:22', 'pve:22'], 1]);
  });

  test.each(['jump host', 'node'])('the program is lost with the %s', async (lost) => {
    const bastion = await startNode({ keys: [key], forwards: true });
    const node = await startNode({ keys: [key], answer: () => {} });
    const folder = home();
    put(folder, 'known_hosts', node.known() + bastion.known());
    const settings = { port: node.port, jump: `root@127.0.0.1:${bastion.port}` };
    const connection = await attempt().connect(settings, machineOf(folder));
    const process = await connection.start('perl');
    (lost === 'node' ? node : bastion).cut();
    expect(await process.ended).toBeUndefined();
    await connection.close();
    await Promise.all([node.idle(), bastion.idle()]);
  });
});
