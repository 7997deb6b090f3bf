import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Refusal } from '../contract/refusal';
import { prepareEngine, renderEngine } from '../engines';
import { describeMachine } from './machine';
import { MEASURES } from './measures';
import { type Options, readOptions, USAGE } from './options';
import { writeReport } from './report';
import { runMeasures } from './run';

const DOCS = resolve(__dirname, '../docs');

/** Returns the exit code. */
async function bench({ quick, measure, scale }: Options): Promise<number> {
  const chosen = MEASURES.filter(({ name }) => measure === undefined || name === measure);
  if (chosen.length === 0) {
    print(`Measures:\n${MEASURES.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}`);
    return measure === '?' ? 0 : 2;
  }
  const engine = await prepareEngine({ environment: process.env });
  print(renderEngine(engine));
  const machine = describeMachine(engine, process.versions.node);
  if (machine.load > 0.5 && !quick)
    print(`\nThe machine is not quiet (load ${machine.load}): the figures will be rough.`);
  if (quick) print('\nQuick: far fewer clusters than the titles say, once. The figures mean nothing.');
  // It makes every start of Node.js read all certificates first, which takes more than the rest of the start.
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
  const around = { engine, environment, node: process.execPath, scale, print };
  const { failed, ...found } = await runMeasures(chosen, around);
  const report = { machine, ...found };
  if (quick) writeForNobody(report);
  else if (measure === undefined) {
    writeReport(report, DOCS);
    print('\nWritten: docs/benchmark.json, docs/benchmark.md, docs/benchmark.svg');
  }
  return failed ? 1 : 0;
}

/** A quick run tries the writing too, but its figures mean nothing. */
function writeForNobody(report: Parameters<typeof writeReport>[0]): void {
  const folder = mkdtempSync(join(tmpdir(), 'proxmox-tokens-bench-'));
  writeReport(report, folder);
  rmSync(folder, { recursive: true });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    print(USAGE.trimEnd());
    return 0;
  }
  return bench(options);
}

main()
  .catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    return 1;
  })
  .then((code) => {
    process.exitCode = code;
  });
