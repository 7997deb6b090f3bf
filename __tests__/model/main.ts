/** `npm run test:model -- --runs N --seed S --path P --replay R`: as many lives as asked for, or one of them again. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { runs: { ...text, default: '1000' }, seed: text, path: text, replay: text } });
const asked = Object.entries(values).map(([name, value]) => [`MODEL_${name.toUpperCase()}`, value]);
const program = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [program, 'run', '__tests__/model/model.test.ts'], {
  env: { ...process.env, ...Object.fromEntries(asked) },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
