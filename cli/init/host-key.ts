import { resolve } from 'node:path';
import { type ShownKey, scanHostKey } from '../../bootstrap/ssh';
import type { SshSettings } from '../../contract/settings';
import type { Context } from '../context';
import type { Answers } from './answers';
import { hostKeyUnconfirmed, keygen } from './refusals';

/** The node's host key, confirmed by a person or by known_hosts. Throws a Refusal where nobody vouches for it. */
export async function settleHostKey(ssh: SshSettings, answers: Answers, context: Context): Promise<ShownKey> {
  const { folder, machine, terminal, clock } = context;
  terminal.progress(`${ssh.host}: asking for its host key`);
  const key = await scanHostKey(
    ssh,
    { ...machine, project: resolve(folder) },
    (line) => terminal.progress(line),
    clock,
  );
  const { fingerprint, type, reason } = key;
  const place = `${key.host}:${key.port}`;
  if (reason === undefined) {
    terminal.note(`${place} shows the host key that known_hosts has: ${fingerprint}`);
    return key;
  }
  // A key that has changed or was revoked is more than unknown: that is told as every deploy tells it.
  if (reason.code !== 'HOST_KEY_UNKNOWN') throw reason;
  if (!answers.canAsk) throw hostKeyUnconfirmed(place, type, fingerprint);
  for (const line of [
    `${place} shows this host key, which is not known here:`,
    `  ${fingerprint} (${type})`,
    "Compare it on the node's console, where no network can lie about it:",
    `  ${keygen(type)}`,
  ])
    terminal.note(line);
  if (await answers.trust('Is it the same?')) return key;
  throw hostKeyUnconfirmed(place, type, fingerprint);
}
