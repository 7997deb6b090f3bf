/** Waiting as a value, so that tests need no time. */
export interface Clock {
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    }),
};
