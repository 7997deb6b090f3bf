/** Picks one of a list, the same every time for one seed; nothing from an empty list. Seed 0 always picks the first. */
export function pickFrom(seed: number): <T>(list: readonly T[]) => T | undefined {
  let state = seed >>> 0;
  return (list) => {
    if (seed === 0) return list[0];
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)];
  };
}
