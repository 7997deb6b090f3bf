/**
 * `npm run test:model -- --runs N --seed S --path P --replay R`: as many lives as asked for, or one of them again.
 * `--parallel`: also with the commands of several verbs in turn, which `npm test` leaves out: entries that share a user
 * on one node write into one comment then, and may lose each other's marks.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { runs: text, seed: text, path: text, replay: text, parallel: { type: 'boolean' } },
});
const { runs = '1000', seed, path, replay, parallel } = values;
const asked = {
  MODEL_RUNS: runs,
  MODEL_SEED: seed,
  MODEL_PATH: path,
  MODEL_REPLAY: replay,
  MODEL_PARALLEL: parallel ? '1' : undefined,
};
const given = Object.entries(asked).filter(([, value]) => value !== undefined);
const program = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const vitest = spawnSync(process.execPath, [program, 'run', '__tests__/model'], {
  env: { ...process.env, ...Object.fromEntries(given) },
  stdio: 'inherit',
});
process.exitCode = vitest.status ?? 1;
