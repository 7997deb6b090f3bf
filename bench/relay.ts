import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a node's SSH port and tells how long its connections were open. */
export interface Relay {
  readonly port: number;
  /** Seconds of all connections since the last call, one after the other. Waits for the end of those that are open. */
  take(): Promise<number>;
  close(): void;
}

export async function startRelay(port: number): Promise<Relay> {
  let seconds = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const began = performance.now();
    const node = connect({ port, host: '127.0.0.1', noDelay: true });
    client.pipe(node).pipe(client);
    for (const socket of [client, node]) {
      sockets.add(socket);
      // Whichever side goes first, the other goes with it.
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          node.destroy();
        });
    }
    client.on('close', () => {
      seconds += (performance.now() - began) / 1000;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    take: async () => {
      while (sockets.size > 0) await Promise.all([...sockets].map((socket) => once(socket, 'close')));
      const taken = seconds;
      seconds = 0;
      return taken;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
