import type { SshSettings } from '../../../contract/settings';
import type { Machine } from '../machine';
import type { Stop } from '../stop';
import { first } from './answer';
import type { Ask } from './ask';
import { type Endpoint, resolveEndpoint, type Wish } from './endpoint';
import { jumpInvalid, jumpLoop } from './refusals';

/** The stops in the order in which they are logged in to. */
export async function planRoute(settings: SshSettings, machine: Machine, ask: Ask): Promise<readonly Stop[]> {
  const wish: Wish = {
    role: 'node',
    host: settings.host.replace(/^\[(.*)\]$/, '$1'),
    port: settings.port,
    user: settings.user,
    jump: settings.jump,
    identityFile: settings.identity_file,
    pins: [settings.host_key ?? []].flat(),
    connectSeconds: settings.timeouts.connect,
  };
  const endpoints = await chain(wish, { machine, ask, trail: [] });
  return endpoints.map((endpoint, index) => ({ ...endpoint, place: placeOf(endpoints, endpoint, index) }));
}

const address = ({ host, port }: Endpoint) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function placeOf(endpoints: readonly Endpoint[], endpoint: Endpoint, index: number): string {
  const login = `\`${endpoint.user}@${address(endpoint)}\``;
  const jumps = endpoints.slice(0, -1);
  const way = [
    ...(endpoints[0]?.proxyCommand ? ['its ProxyCommand'] : []),
    ...jumps.map((jump) => `\`${address(jump)}\``),
  ];
  if (endpoint.role === 'node') return `${login}${way.length > 0 ? ` (via ${way.join(', ')})` : ''}`;
  const node = endpoints.slice(-1).map(address).join('');
  return `${login} (jump host ${index + 1} of ${jumps.length} to \`${node}\`)`;
}

/** What the search for the way goes by. */
interface Search {
  readonly machine: Machine;
  readonly ask: Ask;
  /** What was asked on the way here, outermost first. */
  readonly trail: readonly Wish[];
}

/** As `ssh` does it: the last jump host is reached through those before it, the first one as its own config has it. */
async function chain(wish: Wish, { machine, ask, trail }: Search): Promise<readonly Endpoint[]> {
  const here = [...trail, wish];
  // The same question has the same answer, and that has led here.
  if (trail.some((earlier) => JSON.stringify(earlier) === JSON.stringify(wish))) {
    throw jumpLoop(here.map(({ host }) => host));
  }
  const answer = await ask(wish);
  const endpoint = resolveEndpoint(wish, answer, machine);
  const jumps = first(answer, 'proxyjump');
  if (jumps === undefined) return [endpoint];
  const comma = jumps.lastIndexOf(',');
  const jump: Wish = {
    role: 'jump',
    ...parseJump(jumps.slice(comma + 1)),
    jump: comma < 0 ? undefined : jumps.slice(0, comma),
    pins: [],
    connectSeconds: wish.connectSeconds,
  };
  return [...(await chain(jump, { machine, ask, trail: here })), endpoint];
}

const JUMP = /^(?:ssh:\/\/)?(?:(?<user>.+)@)?(?:\[(?<bracketed>[^\]]+)\]|(?<bare>[^:[\]@]+))(?::(?<port>\d{1,5}))?$/;

/** `[user@]host[:port]` */
function parseJump(text: string): Pick<Wish, 'host' | 'port' | 'user'> {
  const { user, bracketed, bare, port } = JUMP.exec(text.trim())?.groups ?? {};
  const host = bracketed ?? bare;
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || (number !== undefined && (number < 1 || number > 65535))) throw jumpInvalid(text);
  return { host, port: number, user };
}
