import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aTerminal, Desk } from '../cli/support';
import { installHere, node, PACKAGE, readJson } from './support';

const init = (desk: Desk) => desk.run(['init', '--app', 'tokens'], { terminal: aTerminal() });

test("an app of one's own has a dozen lines, installs from the archive beside it, and synthesizes its env files", async () => {
  const desk = new Desk();
  const app = (name: string) => desk.path('tokens', name);
  const { exit, stdout } = await init(desk);
  expect([exit, stdout]).toEqual([0, expect.stringMatching(/^next: cd tokens && npm install && npx proxmox-tokens/m)]);
  const archive = readJson(app('package.json')).dependencies[PACKAGE].replace('file:', '');
  expect(existsSync(app(archive))).toBe(true);
  expect(readFileSync(app('main.ts'), 'utf8').split('\n').length).toBeLessThan(16);

  installHere(desk.path('tokens'));
  writeFileSync(
    app('env/home.tfvars'),
    'proxmox = { nuc = { endpoint = "https://nuc", api_token = "root@pam!ci" } }\n',
  );
  expect(node(desk.path('tokens'), '--import', 'tsx', 'main.ts')).toBe('');
  expect(Object.keys(readJson(app('cdktf.out/stacks/home/cdk.tf.json')).resource.null_resource)).toContain('nuc_token');
  expect(node(desk.path('tokens'), 'node_modules/.bin/proxmox-tokens', '--help')).toContain('init');
}, 120_000);

test('it is not made where something is', async () => {
  const desk = new Desk();
  desk.writeText('tokens/mine.txt', '');
  const { exit, stderr } = await init(desk);
  expect([exit, stderr]).toEqual([1, expect.stringContaining('tokens is not empty.')]);
});
