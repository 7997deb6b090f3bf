import type { SimulatedNode } from '../../../simulator/node';

/** Stops the next command of this kind on its way in. */
export function hold(node: SimulatedNode, kind: string): { readonly reached: Promise<void>; release(): void } {
  let reach: () => void = () => undefined;
  let release: () => void = () => undefined;
  const reached = new Promise<void>((done) => (reach = done));
  const released = new Promise<void>((done) => (release = done));
  node.faults.onCommand = async (moment, line) => {
    if (moment === 'before' && line.includes(kind)) {
      reach();
      await released;
    }
    return undefined;
  };
  return { reached, release: () => release() };
}
