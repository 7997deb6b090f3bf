import type { SimulatedNode } from '../../../simulator/node';

/** Stops the next command of this kind on its way in, or its answer on the way out. */
export function hold(
  node: SimulatedNode,
  kind: string,
  moment: 'before' | 'after' = 'before',
): { readonly reached: Promise<void>; release(): void } {
  let reach: () => void = () => undefined;
  let release: () => void = () => undefined;
  const reached = new Promise<void>((done) => (reach = done));
  const released = new Promise<void>((done) => (release = done));
  node.faults.onCommand = async (at, line) => {
    if (at === moment && line.includes(kind)) {
      reach();
      await released;
    }
    return undefined;
  };
  return {
    reached,
    release: () => {
      delete node.faults.onCommand;
      release();
    },
  };
}
