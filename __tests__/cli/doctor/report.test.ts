import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Check, examine, NotLookedAt } from '../../../cli/doctor/check';
import type { SimulatedNode } from '../../../simulator/node';
import { aNode } from '../../support/node';
import { anEntry, aTerminal } from '../support';
import { Clinic } from './clinic';

const standAlone = ({ root }: SimulatedNode) => writeFileSync(join(root, 'etc/pve/.members'), '{"nodename":"pve"}');

/** Two clusters: one whose host key is another one, one whose entry asks too much. */
async function aSickDesk(): Promise<Clinic> {
  const desk = await new Clinic().open();
  const [nuc, rack] = [await aNode(), await aNode({ release: '8.4' })];
  [nuc, rack].forEach(standAlone);
  const bootstrap = ['role = "ci"', 'privileges = ["VM.Audit", "VM.GuestAgent.Audit"]'];
  desk.write([
    anEntry(nuc, { hostKey: `SHA256:${'A'.repeat(43)}` }),
    anEntry(rack, { name: 'rack', identity: 'ci@pve!ci', bootstrap }),
  ]);
  return desk;
}

test('in a pipe: plain lines, findings of every cluster, what was not looked at once, and a count', async () => {
  const desk = await aSickDesk();
  const { exit, stdout, stderr, terminal } = await desk.doctorOn(aTerminal());
  expect(stdout).toMatchInlineSnapshot(`
    "warning: terminal
      This is no terminal: nobody can be asked whether to deploy.
        why: A deploy asks before it changes anything.
        fix: Add \`--auto-approve\` to the deploy.

    error: lab/nuc: host-key
      \`root@127.0.0.1:22\` does not have the host key in \`ssh.host_key\`
      (SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA), got: SHA256:nuc
      (ssh-ed25519).
        why: The machine was reinstalled, or another one answers in its place. No login was attempted.
        fix: Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. Change
        \`ssh.host_key\` only if it matches.
        on the node: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub

    error: lab/rack: privileges
      The node does not know the privilege VM.GuestAgent.Audit.
        why: The node refuses a role with a privilege that its release does not have.
        fix: Correct \`privileges\` (names are case-sensitive; \`pveum role list\` on the node shows them at Administrator), or
        use a preset.
        on the node: pveum role list

    lab/nuc: not looked at because of host-key: login, shell, lock, sudo, pveum, release, quorum, privileges, paths, token,
    role, others
    lab/rack: not looked at because of privileges: role, others
    28 checks, 2 clusters: 2 errors, 1 warning."
  `);
  expect({ exit, stderr }).toEqual({ exit: 3, stderr: '' });
  expect(terminal.progressed.at(-1)).toBe('2 of 2 clusters looked at');
});

test('on a terminal: the same in colour, no line longer than it is wide, but for commands', async () => {
  const desk = await aSickDesk();
  const terminal = aTerminal({ ask: async () => '', colour: true, columns: 80 });
  const { stdout } = await desk.doctorOn(terminal, ['--check', 'privileges', '--check', 'host-key']);
  expect(stdout.replaceAll('\u001b', '^')).toMatchInlineSnapshot(`
    "^[31merror:^[39m ^[1mlab/nuc: host-key^[22m
      \`root@127.0.0.1:22\` does not have the host key in \`ssh.host_key\`
      (SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA), got:
      SHA256:nuc (ssh-ed25519).
        why: The machine was reinstalled, or another one answers in its place. No
        login was attempted.
        fix: Compare the fingerprint on the machine's console:
        \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. Change \`ssh.host_key\`
        only if it matches.
        on the node: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub

    ^[31merror:^[39m ^[1mlab/rack: privileges^[22m
      The node does not know the privilege VM.GuestAgent.Audit.
        why: The node refuses a role with a privilege that its release does not
        have.
        fix: Correct \`privileges\` (names are case-sensitive; \`pveum role list\` on
        the node shows them at Administrator), or use a preset.
        on the node: pveum role list

    ^[2mlab/nuc: not looked at because of host-key: privileges^[22m
    2 checks, 2 clusters: 2 errors."
  `);
});

test('where all is well one line says so', async () => {
  const desk = await new Clinic().open();
  const node = await aNode();
  standAlone(node);
  desk.write([anEntry(node)]);
  expect((await desk.doctor()).stdout).toBe('28 checks, 1 cluster: all is well.');
});

test('--list names the checks; they are chosen and left out by these names', async () => {
  const desk = await aSickDesk();
  const { exit, stdout } = await desk.doctor(['--list']);
  expect(stdout).toMatchInlineSnapshot(`
    "node         Node.js on PATH, which runs the steps of a deploy
    project      cdktf.json and \`cdktf\`
    engine       Terraform or OpenTofu, and its version
    providers    the provider registry, or a mirror
    terminal     somebody to ask before a deploy
    env-file     the env files can be read, and say nothing that a deploy refuses
    state-file   nobody else can read a local state, which holds every secret
    outputs      git ignores the files that will hold secrets
    ssh-config   what the ssh config says of the host can be followed
    ssh-key      the key file of the entry can be used
    host-name    the name of the node is known
    port         an SSH server answers there
    host-key     its host key is known
    login        the login is accepted
    shell        startup files of the login shell let our program run
    lock         no other run works on the node
    sudo         a user other than root may run what is needed
    pveum        pveum answers
    release      a release of Proxmox VE that this was tested with
    quorum       the cluster has its quorum, without which /etc/pve is read-only
    privileges   the node knows the privileges and the built-in role of the entry
    paths        the node knows the ACL paths of the entry, and they fit into a comment there
    token        what a deploy would do to a token that is there
    role         the role as it is against as it is wanted
    others       rights of other users and tokens stay as they are
    endpoint     the API answers at \`endpoint\`
    certificate  its certificate is trusted, and will be in 30 days
    clock        the node's clock and ours agree"
  `);
  expect(exit).toBe(0);
  expect((await desk.doctor(['--list', '--check', 'port', '--check', 'node', '--skip', 'port'])).stdout).toMatch(
    /^node {2}/,
  );
  expect(JSON.parse((await desk.doctor(['--list', '--json'])).stdout).checks[0]).toEqual({
    ...{ name: 'node', about: 'Node.js on PATH, which runs the steps of a deploy' },
  });
  expect(await desk.doctor(['--check', 'hostkey'])).toMatchObject({
    ...{
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining('There is no check `hostkey`. `--list` shows their names.'),
    },
  });
});

test('a check that is left out is not told, and one that stands in the way of others is', async () => {
  const desk = await aSickDesk();
  expect((await desk.look(['--check', 'clock', '--check', 'endpoint'])).told).toEqual([]);
  expect((await desk.look(['--skip', 'privileges', '--skip', 'host-key'])).told).toEqual([
    'error host-key',
    'error privileges',
  ]);
});

test('a check that crashes is a finding, and the others are made', async () => {
  const check = (name: string, find: Check<null>['find']): Check<null> => ({ name, about: '', find });
  const checks = [
    check('bad', async () => Promise.reject(new TypeError('x is not a function'))),
    check('blind', async () => Promise.reject(new NotLookedAt('it is dark'))),
    check('good', async () => [{ tier: 'warning', what: 'w', why: 'y', fix: 'f' }]),
  ];
  const { findings, unseen } = await examine(checks, () => true, null, { cluster: 'nuc' });
  expect(findings.map(({ check, tier, what }) => [check, tier, what])).toEqual([
    ['bad', 'error', 'Check bad ended by a defect of this program: x is not a function'],
    ['good', 'warning', 'w'],
  ]);
  expect(unseen).toEqual([{ cluster: 'nuc', checks: ['blind'], because: 'it is dark' }]);
});

test('Ctrl-C ends it at once, whatever it waits for', async () => {
  const desk = await new Clinic().open();
  const node = await aNode();
  desk.write([anEntry(node)]);
  const release = await node.faults.holdRunLock();
  const stop = new AbortController();
  const terminal = aTerminal();
  const progress = (line: string) => line.includes('another run works on it') && stop.abort();
  const { exit, stdout, stderr } = await desk.doctorOn({ ...terminal, progress }, [], { signal: stop.signal });
  release();
  expect({ exit, stdout }).toEqual({ exit: 130, stdout: '' });
  expect(stderr).toBe('Interrupted. Nothing was changed: this command only reads.');
});
