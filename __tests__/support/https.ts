import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { certificates } from '../../simulator/api/certificates';
import { prepareRoot } from '../../simulator/machine/node-files';
import { temporaryFolder } from './node';

/** An HTTPS server that is no node, with a certificate of an authority of its own. Returns its address. */
export async function aServer(handler: RequestListener): Promise<string> {
  const root = temporaryFolder();
  prepareRoot(root);
  const { cert, key } = await certificates(root);
  const server = createServer({ cert, key }, handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return `https://127.0.0.1:${port}`;
}
