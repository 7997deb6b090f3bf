import { Refusal } from '../contract/refusal';

/** How something ended: gives its value, or throws what it threw, as often as it is asked. */
export type Settled<T> = () => T;

export async function settle<T>(act: () => Promise<T> | T): Promise<Settled<T>> {
  try {
    const value = await act();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** What it gives, or the refusal that it ended with. Any other error is thrown. */
export function ask<T>(settled: Settled<T>): readonly [T, undefined] | readonly [undefined, Refusal] {
  try {
    return [settled(), undefined];
  } catch (error) {
    if (error instanceof Refusal) return [undefined, error];
    throw error;
  }
}

const BROKEN_OFF = ['CONNECTION_LOST', 'COMMAND_TIMEOUT', 'OUTPUT_DISTURBED', 'OUTPUT_TOO_LARGE'];

/** The same for a part of a look at a node; throws at once where the connection is of no more use. */
export async function settleConnected<T>(act: () => Promise<T>): Promise<Settled<T>> {
  try {
    const value = await act();
    return () => value;
  } catch (error) {
    if (error instanceof Refusal && BROKEN_OFF.includes(error.code)) throw error;
    return settle(() => Promise.reject(error));
  }
}
