import { expect, test } from 'vitest';
import type { Row } from '../../../cli/status/row';
import { renderRows } from '../../../cli/status/table';
import { aNode } from '../../support/node';
import { atConsole } from '../../support/on-node';
import { anEntry, aTerminal, Desk } from '../support';

/** Three clusters: one is well, one has lost its token, one cannot be reached. */
async function aDesk(): Promise<Desk> {
  const desk = new Desk();
  const [nuc, rack, far] = [await aNode(), await aNode({ release: '8.4' }), await aNode()];
  desk.write([anEntry(nuc), anEntry(rack, { name: 'rack', identity: 'root@pam!tofu', bootstrap: [] })]);
  desk.write([anEntry(far, { name: 'far' })], '', 'prod');
  await desk.deploy();
  await desk.deploy('prod');
  await atConsole(rack, 'pveum', 'user', 'token', 'remove', 'root@pam', 'tofu');
  far.faults.refuseConnections = true;
  return desk;
}

test('in a pipe: a table, and below it what is wrong with the command that mends it', async () => {
  const desk = await aDesk();
  const { exit, stdout, stderr } = await desk.run(['status']);
  expect(stdout).toMatchInlineSnapshot(`
    "CLUSTER   NODE       PVE  TOKEN                        API       RIGHTS  EXPIRES  GEN  DRIFT
    lab/nuc   127.0.0.1  9    opentofu@pve!opentofu-token  accepted  ok      never    1    -
    lab/rack  127.0.0.1  8    root@pam!tofu                missing   -       -        -    node
    prod/far  127.0.0.1  ?    opentofu@pve!opentofu-token  accepted  -       ?        -    ?

    lab/rack
      The node has no token root@pam!tofu.
      The node is 1 step from the env file: pveum user token add root@pam tofu.
        run: proxmox-tokens repair lab rack

    prod/far
      Cannot connect to \`root@127.0.0.1:22\`: connection reset (ECONNRESET). Check that sshd runs there, that host and
      port are correct, and that no firewall or VPN blocks them. \`ssh.timeouts.connect\` limits one attempt."
  `);
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
});

test('on a narrow terminal: in colour, names cut, and no line longer than it is wide', async () => {
  const desk = await aDesk();
  const { exit, stdout } = await desk.run(['status', 'lab'], { terminal: aTerminal({ colour: true, columns: 72 }) });
  expect(stdout.replaceAll('\u001b', '^')).toMatchInlineSnapshot(`
    "^[1mCLUSTER   PVE  TOKEN               API       RIGHTS  EXPIRES  GEN  DRIFT^[22m
    lab/nuc   9    opentofu@pve!open…  accepted  ok      never    1    -
    ^[31mlab/rack  8    root@pam!tofu       missing   -       -        -    node^[39m

    ^[1mlab/rack^[22m
    ^[31m  The node has no token root@pam!tofu.^[39m
    ^[31m  The node is 1 step from the env file: pveum user token add root@pam^[39m
    ^[31m  tofu.^[39m
        run: proxmox-tokens repair lab rack"
  `);
  expect(exit).toBe(3);
});

test('the table fits from 60 columns on, and is whole where there is room', async () => {
  const row: Row = {
    ...{
      environment: 'production',
      cluster: 'datacenter-west',
      node: 'node-17.west.example.net',
      identity: 'opentofu@pve!opentofu-token',
    },
    ...{ release: '9.1.4', there: true, accepted: true, missing: [], excess: [], expire: 0 },
    ...{ generation: { wanted: '1', found: '1' }, drift: ['node', 'state', 'output'], remarks: [] },
  };
  for (const columns of [60, 72, 80, 100, 120, 160])
    for (const line of renderRows([row], columns)) expect(line.length).toBeLessThanOrEqual(columns);
  expect(renderRows([row], 160)[1]).toContain('node-17.west.example.net');
});

test('--warn takes days, and nothing else', async () => {
  const desk = await aDesk();
  expect(await desk.run(['status', '--warn', 'soon'])).toMatchObject({
    ...{ exit: 2, stderr: expect.stringContaining('--warn takes days such as 30d, got: soon') },
  });
});

test('Ctrl-C ends it at once, whatever it waits for', async () => {
  const desk = new Desk();
  const node = await aNode();
  desk.write([anEntry(node)]);
  const release = await node.faults.holdRunLock();
  const stop = new AbortController();
  const progress = (line: string) => line.includes('another run works on it') && stop.abort();
  const terminal = { ...aTerminal(), progress };
  const { exit, stdout } = await desk.run(['status'], { terminal, signal: stop.signal });
  release();
  expect({ exit, stdout, noted: terminal.noted }).toEqual({
    ...{ exit: 130, stdout: '', noted: ['Interrupted. Nothing was changed: this command only reads.'] },
  });
});
