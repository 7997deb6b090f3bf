import { Refusal } from '../../contract/refusal';
import type { SshSettings } from '../../contract/settings';
import type { Clock } from '../clock';
import { closeAll, dialAll, prepareRoute } from './connect';
import type { SeenKey } from './host-key/refusals';
import type { Machine } from './machine';
import { fingerprint, publicKey } from './public-key';
import { dial } from './wire/dial';

/** The host key that a node shows. */
export interface ShownKey extends SeenKey {
  /** The node's address: an alias of the ssh config is another name. */
  readonly host: string;
  readonly port: number;
  /** Why a login would turn the key away; absent: known_hosts has it. */
  readonly reason?: Refusal;
}

class Shown extends Error {
  constructor(readonly key: ShownKey) {
    super('shown');
  }
}

/**
 * Asks a node for its host key, through its jump hosts, and turns the key away: no more than a key exchange reaches whoever answers
 * there, no user name, no key, no password. Rejects with a Refusal where no key is shown.
 */
export async function scanHostKey(
  settings: SshSettings,
  machine: Machine,
  report: (line: string) => void,
  clock: Pick<Clock, 'sleep'>,
): Promise<ShownKey> {
  const { route, context } = await prepareRoute(settings, machine, report, clock);
  const node = route.at(-1);
  if (node === undefined) throw new RangeError('a route has at least the node');
  const { host, port } = node;
  const turnAway = (blob: Buffer, reason: Error | undefined) => {
    const key = { host, port, type: publicKey(blob).type, fingerprint: fingerprint(blob) };
    return new Shown(reason instanceof Refusal ? { ...key, reason } : key);
  };
  const jumps = await dialAll(route.slice(0, -1), context);
  try {
    await dial(node, jumps.at(-1), { ...context, turnAway });
  } catch (error) {
    if (error instanceof Shown) return error.key;
    throw error;
  } finally {
    await closeAll(jumps);
  }
  throw new RangeError('a key that is turned away lets nobody in');
}
