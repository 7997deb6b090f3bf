import type { Refusal } from '../../contract/refusal';
import { type Check, codes } from './check';
import type { ClusterSubject } from './cluster';
import type { Found } from './finding';

/** They share one connection: the first of them that it fails at is the one to tell. */
const connected = async ({ node }: ClusterSubject): Promise<readonly Found[]> => {
  await node();
  return [];
};

const readable = async ({ node }: ClusterSubject): Promise<readonly Found[]> => {
  (await node()).found();
  return [];
};

const isSudo = ({ code, what }: Refusal) => code === 'NODE_UNREADABLE' && /\bsudo: /.test(what);

/** In the order in which a connection comes to them. */
export const CONNECTION_CHECKS: readonly Check<ClusterSubject>[] = [
  {
    name: 'ssh-config',
    about: 'what the ssh config says of the host can be followed',
    owns: ({ code }) => /^(SSH_|JUMP_|PROXY_|REVOKED_KEYS_)/.test(code),
    find: connected,
  },
  {
    name: 'ssh-key',
    about: 'the key file of the entry can be used',
    owns: ({ code }) => /^(KEY_FILE_|PASSPHRASE_)/.test(code),
    find: connected,
  },
  { name: 'host-name', about: 'the name of the node is known', owns: codes('HOST_NOT_FOUND'), find: connected },
  {
    name: 'port',
    about: 'an SSH server answers there',
    owns: codes('CONNECT_FAILED', 'HANDSHAKE_FAILED', 'FORWARDING_FORBIDDEN'),
    find: connected,
  },
  {
    name: 'host-key',
    about: 'its host key is known',
    owns: ({ code }) => /^HOST_KEY_/.test(code),
    find: connected,
  },
  { name: 'login', about: 'the login is accepted', owns: codes('AUTH_FAILED', 'PASSWORD_EXPIRED'), find: connected },
  {
    name: 'shell',
    about: 'startup files of the login shell let our program run',
    owns: codes(
      ...['NODE_SILENT', 'OUTPUT_DISTURBED', 'COMMAND_NOT_STARTED', 'CONNECTION_LOST'],
      ...['COMMAND_TIMEOUT', 'OUTPUT_TOO_LARGE'],
    ),
    find: connected,
  },
  {
    name: 'lock',
    about: 'no other run works on the node',
    owns: codes('NODE_BUSY', 'NODE_UNLOCKABLE'),
    find: connected,
  },
  { name: 'sudo', about: 'a user other than root may run what is needed', owns: isSudo, find: findSudo },
  { name: 'pveum', about: 'pveum answers', owns: codes('NODE_UNREADABLE'), find: readable },
];

async function findSudo({ node, entry }: ClusterSubject): Promise<readonly Found[]> {
  const { user, found, secret } = await node();
  const isThere = found().tokens.has(entry.identity);
  const read = secret();
  // Of a token that is there, check `token` has more to say. A fresh node has no file of secrets yet.
  if (user === 'root' || read.kind !== 'unreadable' || isThere) return [];
  return [
    {
      tier: 'warning',
      what: `${user} may not read secrets on the node: ${read.answer}.`,
      why: 'This deploy does not need it. A later one that is cut off, or that has lost its state, reads the secret again.',
      fix: `Allow it with this line: ${user} ALL=(root) NOPASSWD: /usr/bin/grep -F -e * /etc/pve/priv/token.cfg`,
      command: 'visudo -f /etc/sudoers.d/proxmox-tokens',
    },
  ];
}
