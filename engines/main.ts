import { parseArgs } from 'node:util';
import { Refusal } from '../contract/refusal';
import { buildOpenTofu, type Engine, prepareEngine, renderEngine, renderExports, thisMachine } from './index';

const USAGE = `Finds Terraform or OpenTofu, and the null and local providers for it.

  npx tsx engines/main.ts                   what was found, for people
  npx tsx engines/main.ts --json            the same, for programs
  eval "$(npx tsx engines/main.ts --env)"   into this shell's environment
  npx tsx engines/main.ts --build-opentofu  builds OpenTofu into the cache, prints its path

Exit codes: 0 found, 1 refused (what, why, fix on standard error), 2 wrong options.
`;

const OPTIONS = {
  json: { type: 'boolean' },
  env: { type: 'boolean' },
  'build-opentofu': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

async function answer(flags: Flags): Promise<string> {
  if (flags.help) return USAGE.trimEnd();
  if (flags['build-opentofu']) return buildOpenTofu(thisMachine(process.env));
  const engine = await prepareEngine({ environment: process.env });
  if (flags.json) return JSON.stringify(engine, undefined, 2);
  return flags.env ? exportsOf(engine) : renderEngine(engine);
}

/** Standard output is for the shell, so people get their notes on the other one. */
function exportsOf(engine: Engine): string {
  for (const note of engine.notes) console.error(note);
  return renderExports(engine);
}

function readFlags(): Flags | undefined {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags === undefined) return 2;
  try {
    console.log(await answer(flags));
    return 0;
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    return 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
