import { absolute } from '../../paths';
import type { Machine } from '../machine';
import type { IdentityFile, Stop } from '../stop';
import { type Answer, files, first, isNone, list, positive, saysYes } from './answer';
import type { Query } from './ask';
import { methodsOf, unusedOf } from './login';
import { expandProxyCommand } from './proxy-command';
import { refuseUnsupported } from './unsupported';

/** What is asked for before the config has had its say, and what it has no say in. */
export interface Wish extends Query {
  /** The settings' own key: then no other is tried. */
  readonly identityFile?: string;
  readonly pins: readonly string[];
  /** Time limit of an attempt: the settings' for the node; for a jump host what stands in if the config says nothing. */
  readonly connectSeconds: number;
}

/** A stop before its part in the route is told. */
export type Endpoint = Omit<Stop, 'place'>;

/** As OpenSSH has it, for releases that do not say. */
const RSA_BITS = 1024;
/** Dead peers are noticed after about 40 seconds, unless the config has other numbers. */
const KEEPALIVE = { seconds: 10, count: 3 };
const FAMILIES: Readonly<Record<string, Stop['family']>> = { inet: 4, inet6: 6 };

/** What there is to know of a host, from the wish and from what `ssh` answered. Reads nothing. */
export function resolveEndpoint(wish: Wish, answer: Answer, machine: Machine): Endpoint {
  const { role, pins } = wish;
  refuseUnsupported(wish.host, answer);
  const [host, user] = [first(answer, 'hostname') ?? wish.host, first(answer, 'user') ?? machine.localUser];
  const port = positive(answer, 'port') ?? 22;
  const alias = first(answer, 'hostkeyalias');
  const command = first(answer, 'proxycommand');
  const seconds = positive(answer, 'serveraliveinterval');
  const paths = (keyword: string) => files(answer, keyword).map((path) => openSshPath(path, machine));
  return {
    role,
    host,
    port,
    user,
    pins,
    proxyCommand: command && expandProxyCommand(command, { host, port, user, original: wish.host, alias }),
    family: FAMILIES[first(answer, 'addressfamily') ?? ''] ?? 0,
    localAddress: first(answer, 'bindaddress'),
    // The password is the node's.
    methods: methodsOf(answer).filter((method) => role === 'node' || method === 'publickey'),
    identityFiles: identityFiles(wish, answer, machine),
    identitiesOnly: wish.identityFile !== undefined || saysYes(answer, 'identitiesonly'),
    agentSocket: agentOf(answer, machine),
    unused: unusedOf(answer),
    algorithms: {
      kex: list(answer, 'kexalgorithms'),
      cipher: list(answer, 'ciphers'),
      hmac: list(answer, 'macs'),
      hostKey: list(answer, 'hostkeyalgorithms'),
      publicKey: list(answer, 'pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes'),
    },
    rsaBits: positive(answer, 'requiredrsasize') ?? RSA_BITS,
    knownHostsFiles: [...paths('userknownhostsfile'), ...paths('globalknownhostsfile')],
    revokedFiles: paths('revokedhostkeys'),
    ...hostKeyNames(host.toLowerCase(), port, alias),
    connectSeconds: (role === 'jump' ? positive(answer, 'connecttimeout') : undefined) ?? wish.connectSeconds,
    keepalive: seconds === undefined ? KEEPALIVE : { seconds, count: positive(answer, 'serveralivecountmax') ?? 3 },
  };
}

function hostKeyNames(host: string, port: number, alias?: string) {
  if (alias !== undefined) return { hostKeyName: alias.toLowerCase() };
  return port === 22 ? { hostKeyName: host } : { hostKeyName: `[${host}]:${port}`, hostKeyFallback: host };
}

function identityFiles(wish: Wish, answer: Answer, machine: Machine): readonly IdentityFile[] {
  if (wish.identityFile !== undefined) return [{ path: absolute(wish.identityFile, machine), explicit: true }];
  const paths = answer.get('identityfile') ?? [];
  return [...new Set(paths)].map((path) => ({ path, explicit: false }));
}

function agentOf(answer: Answer, machine: Machine): string | undefined {
  const agent = first(answer, 'identityagent') ?? 'SSH_AUTH_SOCK';
  if (agent === 'SSH_AUTH_SOCK') return machine.agentSocket;
  if (isNone(agent)) return undefined;
  // The one token that is still as it was written: a variable without braces.
  return agent.startsWith('$') ? machine.ssh?.environment[agent.slice(1)] : openSshPath(agent, machine);
}

const openSshPath = (path: string, { ssh, home, project }: Machine) =>
  absolute(path, { home: ssh?.home ?? home, project });
