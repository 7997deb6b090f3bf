/** `npm run simulator`: one node until a signal ends it. See README.md beside this file. */
import { parseArgs } from 'node:util';
import { startNode } from './node';
import { isRelease, RELEASES, type Release } from './pveum/releases';

const USAGE = `Usage: npm run simulator -- --release RELEASE --root DIR [--ssh-port N] [--api-port N] [--latency-ms N]

  --release     ${RELEASES.join(', ')}
  --root        folder of the node's files; made if it is missing
  --ssh-port    0 takes a free port (default 0)
  --api-port    0 takes a free port (default 0)
  --latency-ms  added to every call of pveum (default 0)

Prints one line of JSON when it is ready: addresses, host key, CA file, and a key to log in with. Ctrl-C ends it.

Example: npm run simulator -- --release 9.1 --root /tmp/pve
`;

interface Wanted {
  readonly release: Release;
  readonly root: string;
  readonly sshPort: number;
  readonly apiPort: number;
  readonly latencyMs: number;
}

function wholeNumber(name: string, text: string | undefined, most: number): number {
  const value = Number(text ?? '0');
  if (!/^\d*$/.test(text ?? '') || text === '' || value > most) {
    throw new RangeError(`--${name} takes a whole number up to ${most}, got: ${text}`);
  }
  return value;
}

export function readWanted(argv: readonly string[]): Wanted {
  const text = { type: 'string' } as const;
  const options = { release: text, root: text, 'ssh-port': text, 'api-port': text, 'latency-ms': text };
  const { values } = parseArgs({ args: [...argv], options });
  const { release, root } = values;
  if (release === undefined || root === undefined) throw new RangeError('--release and --root are needed.');
  if (!isRelease(release)) throw new RangeError(`--release takes one of ${RELEASES.join(', ')}, got: ${release}`);
  return {
    release,
    root,
    sshPort: wholeNumber('ssh-port', values['ssh-port'], 65_535),
    apiPort: wholeNumber('api-port', values['api-port'], 65_535),
    latencyMs: wholeNumber('latency-ms', values['latency-ms'], 600_000),
  };
}

async function serve(wanted: Wanted): Promise<void> {
  const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  const node = await startNode(wanted);
  const { host, port, user, hostKey, knownHostsLine } = node.ssh;
  const ready = {
    release: node.release,
    ssh: { host, port, user, hostKey, knownHosts: knownHostsLine },
    api: { url: node.api.url, port: node.api.port },
    caFile: node.api.caFile,
    authorizedKey: node.privateKeyFile,
    root: node.root,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await ended;
  await node.close();
}

function main(argv: readonly string[]): void {
  if (argv.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  let wanted: Wanted;
  try {
    wanted = readWanted(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  void serve(wanted);
}

if (require.main === module) main(process.argv.slice(2));
