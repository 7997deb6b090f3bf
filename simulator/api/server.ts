/** The HTTPS face of the API. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFiles } from '../machine/node-files';
import { toJson } from '../pveum/json';
import type { Release } from '../pveum/releases';
import { type Answer, answer } from './answer';
import { certificates } from './certificates';

export interface RunningApi {
  readonly port: number;
  readonly caFile: string;
  close(): Promise<void>;
}

function send(response: ServerResponse, { status, reason, data }: Answer): void {
  // Reasons hold whatever a token's name held; a status line takes no line breaks.
  response.writeHead(status, reason.replace(/[^\x20-\x7e]/g, '?'), {
    'content-type': 'application/json;charset=UTF-8',
  });
  response.end(status === 200 ? toJson({ data }) : '');
}

export async function startApi(root: string, release: Release, port: number): Promise<RunningApi> {
  const { caFile, cert, key } = await certificates(root);
  const server = createServer({ cert, key }, (request, response) => {
    request.resume();
    const { method = 'GET', url = '/', headers } = request;
    const question = { release, files: readFiles(root), method, url: new URL(url, 'https://localhost') };
    send(response, answer({ ...question, authorization: headers.authorization, now: Date.now() / 1000 }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, caFile, close };
}
