import type { Engine } from '../engines';
import type { Scale } from './options';
import type { Print } from './print';
import type { Result } from './result';

/** What a measure works with. */
export interface Bench {
  readonly engine: Engine;
  readonly environment: NodeJS.ProcessEnv;
  /** The Node.js that runs this, and everything that is measured. */
  readonly node: string;
  readonly scale: Scale;
  readonly print: Print;
}

export interface Measure {
  readonly name: string;
  /** What is measured, for the list of measures. */
  readonly about: string;
  readonly run: (bench: Bench) => Promise<readonly Result[]>;
}
