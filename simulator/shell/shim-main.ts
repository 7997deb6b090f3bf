/** Entry of the shims: `node shim.cjs PROGRAM ARGUMENTS…`. The one place below shell/ that knows its process. */
import { spawnSync } from 'node:child_process';
import { readSettings } from '../machine/settings';
import { runBuiltin } from './builtin';

const root = process.env.SIMULATOR_ROOT ?? '';
const user = process.env.SIMULATOR_USER ?? 'root';
const words = process.argv.slice(2);

/** What the node's own programs cannot do, this machine's do. */
function runReal(): number {
  const [name = '', ...argv] = words;
  const isSudo = name === 'sudo';
  const [program = '', ...rest] = isSudo ? argv.filter((word, at) => at > 0 || word !== '-n') : words;
  const env = { ...process.env, SIMULATOR_USER: isSudo ? 'root' : user };
  // A shim of that name would call itself again.
  const { status } = spawnSync(isSudo ? program : `/usr/bin/${program}`, rest, { stdio: 'inherit', env });
  if (status === null) process.stderr.write(`${isSudo ? 'sudo: ' : ''}${program}: command not found\n`);
  return status ?? (isSudo ? 1 : 127);
}

async function main(): Promise<number> {
  const settings = readSettings(root);
  if (!settings) throw new Error(`no simulated node in ${root}`);
  const result = await runBuiltin(words, { root, user, env: process.env }, settings);
  if (!result) return runReal();
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
  return result.exit;
}

void main().then((exit) => {
  process.exitCode = exit;
});
