import { parseArgs } from 'node:util';

export const USAGE = `Measures this project against what one would do without it, and writes docs/benchmark.{json,md,svg}.

  npm run bench                        everything, on a machine that does nothing else
  npm run bench -- --measure NAME      one measure, on the screen alone (${'`--measure ?`'} lists them)
  npm run bench -- --clusters 20       with so many in place of 100 in the measure \`many\`
  npm run bench -- --quick             tiny and once, writes nothing: whether it runs
`;

/** How much to do. */
export interface Scale {
  /** How often, where a thorough run takes so many. */
  runs(thorough: number): number;
  /** How many clusters, where a thorough run takes so many. */
  clusters(thorough: number): number;
  /** Clusters that are deployed at once. */
  readonly many: number;
}

export interface Options {
  readonly help: boolean;
  readonly quick: boolean;
  readonly measure?: string;
  readonly scale: Scale;
}

/** Throws a `TypeError` on what it does not know. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      measure: { type: 'string' },
      clusters: { type: 'string', default: '100' },
    },
  });
  const { quick, help, measure } = values;
  const clusters = Number(values.clusters);
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > 500) {
    throw new TypeError(`--clusters takes a whole number from 1 to 500, got: ${values.clusters}`);
  }
  return { help, quick, measure, scale: quick ? QUICK : { runs: (n) => n, clusters: (n) => n, many: clusters } };
}

const QUICK: Scale = { runs: () => 1, clusters: (thorough) => Math.ceil(thorough / 200), many: 2 };
