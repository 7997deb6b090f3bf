import type { Measure } from '../measure';
import { many } from './many';
import { one } from './one';
import { plan, planOfMany } from './plan';
import { start } from './start';
import { synth } from './synth';
import { unchanged } from './unchanged';

/** In the order of the table; the longest last. */
export const MEASURES: readonly Measure[] = [start, synth, plan, planOfMany, unchanged, one, many];
