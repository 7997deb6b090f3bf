import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildCli } from './bundled';
import { aNamedNode, at } from './init/support';
import { Desk } from './support';

const hasScript = existsSync('/usr/bin/script');

/** Runs the command at a pseudo-terminal, and types each answer when its question is there. */
function atTerminal(cli: string, argv: readonly string[], cwd: string, typed: readonly (readonly [string, string])[]) {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const line = [process.execPath, cli, ...argv].map(quote).join(' ');
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, PROXMOX_SSH_CONFIG: 'none', TERM: 'xterm', COLUMNS: '100' };
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  let [shown, from] = ['', 0];
  const left = [...typed];
  child.stdout.on('data', (bytes) => {
    shown += bytes;
    const [question, answer] = left[0] ?? [];
    const found = question === undefined ? -1 : shown.indexOf(question, from);
    if (found < 0) return;
    from = found + 1;
    left.shift();
    child.stdin.write(answer);
  });
  return new Promise<{ code: number | null; shown: string; left: number }>((done, failed) => {
    child.on('error', failed).on('close', (code) => done({ code, shown, left: left.length }));
  });
}

test.runIf(hasScript)('init at a real terminal asks, and writes what was answered', { timeout: 120_000 }, async () => {
  const [desk, node, cli] = [new Desk(), await aNamedNode('homelab'), buildCli()];
  const { code, shown, left } = await atTerminal(cli, ['init', ...at(node)], desk.folder, [
    ['Is it the same? [y/N]', 'y\r'],
    ['keep it in env/ca/? [Y/n]', '\r'],
    ['in the env file [homelab]', 'nuc\r'],
    ['Preset [opentofu]', '\r'],
    ['Token [', '\r'],
    ['Role [', '\r'],
    ['Add this to env/lab.tfvars? [Y/n]', '\r'],
  ]);
  expect({ code, left }, shown).toEqual({ code: 0, left: 0 });
  expect(shown).toContain('next: proxmox-tokens deploy lab');
  expect(readFileSync(desk.path('env/lab.tfvars'), 'utf8')).toContain('  nuc = {');
});

test.runIf(hasScript)('Ctrl-C at a real terminal ends with a line and 130', { timeout: 120_000 }, async () => {
  const [desk, node, cli] = [new Desk(), await aNamedNode(), buildCli()];
  const { code, shown } = await atTerminal(cli, ['init', ...at(node)], desk.folder, [
    ['Is it the same? [y/N]', '\x03'],
  ]);
  expect(shown).toContain('Interrupted. Nothing was written: run it again.');
  expect(code).toBe(130);
  expect(existsSync(desk.path('env'))).toBe(false);
});
