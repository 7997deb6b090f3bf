import type { SshSettings } from '../../contract/settings';
import type { ConfigFile } from './config-lines';
import { type Found, lookUp } from './config-lookup';
import { type Endpoint, numberOf, resolveEndpoint, type Wish } from './endpoint';
import type { Machine } from './machine';
import { jumpInvalid, jumpLoop, proxyCommandUnsupported } from './refusals';

/** A stop on the way to the node; the last one is the node. */
export interface Stop extends Endpoint {
  readonly role: 'jump' | 'node';
  /** For messages: where, and the stop's part in the route. */
  readonly place: string;
}

const LONGEST_CONNECT_SECONDS = 600;

/** The stops in the order in which they are logged in to. Reads nothing. */
export function planRoute(settings: SshSettings, machine: Machine, files: readonly ConfigFile[]): readonly Stop[] {
  const wish: Wish = {
    host: settings.host.replace(/^\[(.*)\]$/, '$1'),
    port: settings.port,
    user: settings.user,
    identityFile: settings.identity_file,
    pin: settings.host_key,
    connectSeconds: settings.timeouts.connect,
  };
  const endpoints = chain(wish, settings.jump, {
    machine,
    files,
    connectSeconds: settings.timeouts.connect,
    trail: [],
  });
  const node = endpoints.at(-1);
  return endpoints.map((endpoint, index) =>
    endpoint === node
      ? { ...endpoint, role: 'node', place: nodePlace(endpoints) }
      : { ...endpoint, role: 'jump', place: jumpPlace(endpoints, index) },
  );
}

const address = ({ host, port }: Endpoint) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
const login = (endpoint: Endpoint) => `\`${endpoint.user}@${address(endpoint)}\``;

function nodePlace(endpoints: readonly Endpoint[]): string {
  const jumps = endpoints.slice(0, -1).map((endpoint) => `\`${address(endpoint)}\``);
  return endpoints.slice(-1).map(login).join('') + (jumps.length > 0 ? ` (through ${jumps.join(', ')})` : '');
}

function jumpPlace(endpoints: readonly Endpoint[], index: number): string {
  const [jump, node] = [endpoints[index], endpoints.at(-1)];
  if (jump === undefined || node === undefined) throw new RangeError('no such stop');
  return `${login(jump)} (jump host ${index + 1} of ${endpoints.length - 1} on the way to \`${address(node)}\`)`;
}

interface Surroundings {
  readonly machine: Machine;
  readonly files: readonly ConfigFile[];
  /** The settings' time limit: for jump hosts of which the config files do not say one. */
  readonly connectSeconds: number;
  /** Addresses that are being reached, outermost first. */
  readonly trail: readonly string[];
}

function chain(wish: Wish, jump: string | undefined, around: Surroundings): readonly Endpoint[] {
  const { endpoint, found } = resolveEndpoint(wish, around.machine, around.files);
  const here = address(endpoint);
  // `Host *` with a ProxyJump names the bastion's own bastion too: nobody is on the way to themselves.
  if (around.trail.at(-1) === here) return [];
  if (around.trail.includes(here)) throw jumpLoop([...around.trail, here]);
  const jumps = parseJumps(jump ?? jumpOf(found, endpoint));
  return [...before(jumps, { ...around, trail: [...around.trail, here] }), endpoint];
}

/** As in OpenSSH: only the first jump host may have a ProxyJump of its own, the next ones are reached through it. */
function before(jumps: readonly Jump[], around: Surroundings): readonly Endpoint[] {
  return jumps.flatMap((jump, index) => {
    const wish = { ...jump, connectSeconds: limitFor(jump, around) };
    return chain(wish, index === 0 ? undefined : 'none', around);
  });
}

function limitFor(jump: Jump, { machine, files, connectSeconds }: Surroundings): number {
  const found = lookUp(files, { ...jump, localUser: machine.localUser });
  return numberOf(found, 'connecttimeout', LONGEST_CONNECT_SECONDS) ?? connectSeconds;
}

/** What the config files say of the way to a host. */
function jumpOf(found: Found, endpoint: Endpoint): string {
  const [jump, command] = [found.get('proxyjump')?.[0], found.get('proxycommand')?.[0]];
  // Going there directly instead could reach another machine of that name.
  if (jump === undefined && command !== undefined && command.words[0]?.toLowerCase() !== 'none') {
    throw proxyCommandUnsupported(address(endpoint), command.place);
  }
  return jump?.words.join('') ?? 'none';
}

export interface Jump {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
}

const JUMP = /^(?:ssh:\/\/)?(?:(?<user>.+)@)?(?:\[(?<bracketed>[^\]]+)\]|(?<bare>[^:[\]@]+))(?::(?<port>\d{1,5}))?$/;

/** `[user@]host[:port]`, several joined by commas; `none` for no jump host. */
export function parseJumps(text: string): readonly Jump[] {
  return text.toLowerCase() === 'none' ? [] : text.split(',').map((part) => parseJump(part.trim(), text));
}

function parseJump(part: string, whole: string): Jump {
  const { user, bracketed, bare, port } = JUMP.exec(part)?.groups ?? {};
  const host = bracketed ?? bare;
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || (number !== undefined && (number < 1 || number > 65535))) throw jumpInvalid(whole);
  return { host, port: number, user };
}
