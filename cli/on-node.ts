import { resolve } from 'node:path';
import type { Run } from '../bootstrap/apply';
import { openNode } from '../bootstrap/node/session';
import { type Connection, connect, forEntry } from '../bootstrap/ssh';
import type { ClusterEntry } from '../constructs/input/entry';
import type { Context } from './context';

/** One connection to the node of an entry, for looking alone: nothing that is run there changes anything. */
export async function onNode<T>(
  { ssh, name }: Pick<ClusterEntry, 'ssh' | 'name'>,
  { folder, machine, clock, terminal, signal }: Context,
  act: (run: Run, connection: Connection) => Promise<T>,
): Promise<T> {
  const report = (line: string) => terminal.progress(`${name}: ${line}`);
  const connection = await connect(ssh, forEntry({ ...machine, project: resolve(folder) }, name), report, clock);
  const abort = () => void connection.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const node = await openNode(connection, ssh, report);
    const isOrphan = () => false;
    return await act({ node, clock, lockSeconds: ssh.timeouts.lock, report, did: report, isOrphan }, connection);
  } finally {
    signal.removeEventListener('abort', abort);
    await connection.close();
  }
}
