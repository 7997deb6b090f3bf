import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../../constructs/input/read';
import { buildCli, runCliProcess } from '../bundled';
import { Desk } from '../support';
import { aNamedNode, at, init } from './support';

const THERE =
  '# ours\nproxmox = {\n  old = { endpoint = "https://old.example.net:8006", api_token = "root@pam!old" }\n}\n';

/** Kills the process at the n-th thing that it does to a file; a text is also left half written. */
const DEADLY = `
const fs = require('node:fs/promises');
let left = Number(process.env.KILL_AT);
const moment = () => { if (--left === 0) process.kill(process.pid, 'SIGKILL'); };
for (const name of ['mkdir', 'open', 'rename']) {
  const real = fs[name];
  fs[name] = async (...args) => {
    moment();
    const handle = await real(...args);
    if (name !== 'open') return handle;
    const { writeFile, sync, close } = handle;
    return Object.assign(handle, {
      writeFile: async (text) => {
        moment();
        if (left === 1) await writeFile.call(handle, text.slice(0, text.length / 2));
        moment();
        return writeFile.call(handle, text);
      },
      sync: () => (moment(), sync.call(handle)),
      close: () => (moment(), close.call(handle)),
    });
  };
}
`;

test('killed at any write it leaves the env file whole, and the next run goes on', async () => {
  const [desk, node, cli] = [new Desk(), await aNamedNode(), buildCli()];
  const preload = `${cli}.deadly.cjs`;
  writeFileSync(preload, DEADLY);
  const argv = ['init', ...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca'];
  const [file, ca] = [desk.path('env/lab.tfvars'), desk.path('env/ca/pve1.pem')];
  const wholeCa = readFileSync(node.api.caFile, 'utf8').trim();
  let moments = 0;
  for (;;) {
    desk.writeText('env/lab.tfvars', THERE);
    const env = { KILL_AT: String(moments + 1) };
    const ended = await runCliProcess(cli, argv, { cwd: desk.folder, env, node: ['--require', preload] });
    if (ended.signal === null) {
      expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 0 });
      break;
    }
    moments += 1;
    const text = readFileSync(file, 'utf8');
    expect(text === THERE || text.includes('  pve1 = {')).toBe(true);
    expect((await readEnvironment(file)).clusters.length).toBeGreaterThan(0);
    if (existsSync(ca)) expect(readFileSync(ca, 'utf8').trim()).toBe(wholeCa);
  }
  console.log(`init was killed at ${moments} moments of writing`);
  expect(moments).toBeGreaterThan(10);
  expect(readFileSync(file, 'utf8')).toContain('  pve1 = {');
}, 300_000);

test('cut off at any command on the node it leaves the env file as it was', async () => {
  const [desk, node] = [new Desk(), await aNamedNode()];
  desk.writeText('env/lab.tfvars', THERE);
  const argv = [...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca'];
  let cuts = 0;
  for (const moment of ['before', 'after'] as const) {
    for (let command = 1; ; command += 1) {
      let left = command;
      node.faults.onCommand = (now) => {
        if (now !== moment) return undefined;
        left -= 1;
        return left === 0 ? 'cut' : undefined;
      };
      const { exit, stderr } = await init(desk, node, argv);
      if (exit === 0) break;
      cuts += 1;
      expect(stderr).toMatch(/lost|ended the session/);
      expect(readFileSync(desk.path('env/lab.tfvars'), 'utf8')).toBe(THERE);
    }
    desk.writeText('env/lab.tfvars', THERE);
  }
  console.log(`init was cut off at ${cuts} commands on the node`);
  expect(cuts).toBeGreaterThan(8);
  node.faults.onCommand = undefined;
  expect((await init(desk, node, argv)).exit).toBe(0);
});
