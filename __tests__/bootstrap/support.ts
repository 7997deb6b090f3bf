import { readFileSync } from 'node:fs';
import { verifyToken } from '../../bootstrap/verify';
import { Refusal } from '../../contract/refusal';
import type { SimulatedNode } from '../../simulator/node';

/** The refusal that it ends with; fails where it succeeds or ends with anything else. */
export async function refusalOf(act: Promise<unknown> | (() => unknown)): Promise<Refusal> {
  try {
    await (typeof act === 'function' ? act() : act);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Whether the node's API takes that token, with at least these privileges on `/` or the given path. */
export async function accepts(node: SimulatedNode, identity: string, secret: string, on = '/', privileges?: string[]) {
  const api = { endpoint: node.api.url, insecure: false, ca: readFileSync(node.api.caFile, 'utf8') };
  try {
    await verifyToken(api, secret, { identity, paths: [on], ...(privileges ? { privileges } : {}) });
    return true;
  } catch (error) {
    if (error instanceof Refusal && ['TOKEN_REFUSED', 'PRIVILEGES_MISSING'].includes(error.code)) return false;
    throw error;
  }
}

/** The lines of a file that none of these words occurs in: what others have there. */
export const linesWithout = (text: string, ...words: readonly string[]): string[] =>
  text.split('\n').filter((line) => !words.some((word) => line.includes(word)));
