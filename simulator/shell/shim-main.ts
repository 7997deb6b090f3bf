/** Entry of the shims: `node shim.cjs PROGRAM ARGUMENTS…`. The one place below shell/ that knows its process. */

import { spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { readSettings } from '../machine/settings';
import { runBuiltin } from './builtin';
import { decideSudo } from './sudo';

const root = process.env.SIMULATOR_ROOT ?? '';
const user = process.env.SIMULATOR_USER ?? 'root';
const words = process.argv.slice(2);

/** What the node's own programs cannot do, this machine's do. */
function runReal(): number {
  const [name = '', ...argv] = words;
  const decision = name === 'sudo' ? decideSudo(argv, user, 'all') : undefined;
  const [program = '', ...rest] = decision?.kind === 'run' ? decision.words : [`/usr/bin/${name}`, ...argv];
  const env = { ...process.env, SIMULATOR_USER: decision ? 'root' : user };
  return spawnSync(program, rest, { stdio: 'inherit', env }).status ?? 127;
}

async function main(): Promise<number> {
  const settings = readSettings(root);
  if (!settings) throw new Error(`no simulated node in ${root}`);
  const readInput = async () => Buffer.from(await text(process.stdin));
  const result = await runBuiltin(words, { root, user, env: process.env, readInput }, settings);
  if (!result) return runReal();
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
  return result.exit;
}

void main().then((exit) => {
  process.exitCode = exit;
});
