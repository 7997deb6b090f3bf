import type { SshSettings } from '../../contract/settings';
import type { Session } from './client';
import { type Clock, systemClock } from './clock';
import { readConfigFiles } from './config-files';
import { type Connection, closeAll, toConnection } from './connection';
import { dial } from './dial';
import type { Machine } from './machine';
import { planRoute } from './route';

/** Logs in to the node, through its jump hosts. Rejects with a Refusal, and leaves no socket behind then. */
export async function connect(
  settings: SshSettings,
  machine: Machine,
  report: (line: string) => void,
  clock: Clock = systemClock,
): Promise<Connection> {
  const route = planRoute(settings, machine, await readConfigFiles(machine));
  const sessions: Session[] = [];
  try {
    for (const stop of route) sessions.push(await dial(stop, sessions.at(-1), { machine, report, clock }));
  } catch (error) {
    await closeAll(sessions);
    throw error;
  }
  const node = route.at(-1);
  if (node === undefined) throw new RangeError('a route has at least the node');
  return toConnection(node, sessions, settings);
}
