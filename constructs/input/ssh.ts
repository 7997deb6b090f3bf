import type { SshSettings } from '../../contract/settings';
import { type Field, withoutAbsent } from './field';
import { readPath } from './paths';
import { readFlag, readList, readMap, readText, readWhole } from './readers';
import { show } from './redact';
import { isHop, isHost, isUser } from './syntax';

export const SSH_KEYS = ['host', 'port', 'user', 'identity_file', 'host_key', 'jump', 'sudo', 'timeouts'] as const;
const TIMEOUT_KEYS = ['connect', 'command', 'lock'] as const;

const HOST_KEY = /^SHA256:[A-Za-z0-9+/]{43}$/;
const SHELL = 'It becomes part of an SSH connection: blanks, quotes, `;`, `$` and a leading `-` have no place in it.';

/** `host` is the endpoint's, `username` the entry's: what goes without saying. */
export function readSsh(bootstrap: Field, host: string | undefined, username: Field): SshSettings {
  const field = bootstrap.at('ssh');
  if (field.at('password').given) {
    field
      .at('password')
      .refuse(
        'is not taken from a file',
        'This file is committed: whoever reads the repository could log in.',
        'Take it out, and set PROXMOX_SSH_PASSWORD in the environment of the deploy; better use a key.',
      );
  }
  // Of another shape: refused there, and read on as if it were absent.
  const ssh = readMap(field, SSH_KEYS, '{ host = "192.168.0.37" }') ?? field.without();
  const { connect, command, lock } = readTimeouts(ssh.at('timeouts'));
  const settings = {
    host: readHost(ssh.at('host')) ?? host ?? '',
    port: readWhole(ssh.at('port'), 1, 65_535, 'It is the TCP port of the SSH server.'),
    user: readUser(ssh.at('user'), username),
    identity_file: readPath(ssh.at('identity_file'), '~/.ssh/id_ed25519'),
    host_key: readHostKeys(ssh.at('host_key')),
    jump: readJump(ssh.at('jump')),
    sudo: ssh.at('sudo').given ? readFlag(ssh.at('sudo'), false) : undefined,
  };
  return { ...withoutAbsent(settings), timeouts: { connect, command, lock } };
}

function readTimeouts(field: Field): SshSettings['timeouts'] {
  const timeouts = readMap(field, TIMEOUT_KEYS, '{ command = 60 }') ?? field.without();
  return {
    connect: readWhole(timeouts.at('connect'), 1, 600, 'The time limit of one connection attempt, in seconds.') ?? 20,
    command: readWhole(timeouts.at('command'), 1, 600, 'The time limit of one command on the node, in seconds.') ?? 60,
    lock:
      readWhole(
        timeouts.at('lock'),
        0,
        600,
        'How long to wait for other runs and for the lock of the configuration, in seconds.',
      ) ?? 60,
  };
}

function readHost(field: Field): string | undefined {
  const host = readText(field, '192.168.0.37');
  if (host === undefined || isHost(host)) return host;
  const got = `is not a host name or address, got: ${show(host)}`;
  const [, user, bare, port] = /^(?:([^@]*)@)?\[?([^@[\]]*?)\]?(?::([0-9]+))?$/.exec(host) ?? [];
  if (bare && isHost(bare) && (user === undefined || isUser(user))) {
    const lines = [`host = "${bare}"`, ...(user ? [`user = "${user}"`] : []), ...(port ? [`port = ${port}`] : [])];
    return field.refuse(got, 'User and port have keys of their own.', `Write ${lines.join(', ')}.`);
  }
  return field.refuse(got, SHELL, 'Write host = "192.168.0.37", a name, or an alias of ~/.ssh/config.');
}

/** An explicit `user` wins over the entry's `username`, which then only passes through. */
function readUser(field: Field, username: Field): string | undefined {
  const fallback = readText(username, 'root');
  const origin = field.given ? field : username;
  const user = field.given ? readText(field, 'root') : fallback;
  if (user === undefined) return undefined;
  if (/@(pam|pve)$/.test(user)) {
    return origin.refuse(
      `is a user of Proxmox VE, got: ${show(user)}`,
      'SSH logs in as a Unix user, which has no realm.',
      `Write ${origin.key} = ${show(user.replace(/@.*$/, ''))}.`,
    );
  }
  if (isUser(user)) return user;
  return origin.refuse(
    `is not a user name, got: ${show(user)}`,
    SHELL,
    `Write ${origin.key} = "root", or another name.`,
  );
}

/** One, or a list of those that the node may show. */
function readHostKeys(field: Field): string | string[] | undefined {
  if (!Array.isArray(field.value)) return readHostKey(field);
  const items = readList(field, '["SHA256:..."]') ?? [];
  if (items.length === 0) field.refuse('is empty', 'No host key would do.', 'Name one, or leave it out.');
  return items.flatMap((item) => readHostKey(item) ?? []);
}

function readHostKey(field: Field): string | undefined {
  const key = readText(field, 'SHA256:...');
  if (key === undefined || HOST_KEY.test(key)) return key;
  const bare = key.replace(/^SHA256:/, '').replace(/=+$/, '');
  const meant = HOST_KEY.test(`SHA256:${bare}`) ? `SHA256:${bare}` : undefined;
  return field.refuse(
    `is not a SHA-256 fingerprint, got: ${show(key)}`,
    '`SHA256:` and 43 base64 characters are what ssh-keygen prints, without a `=` at the end. MD5 is too weak.',
    meant
      ? `Write ${field.setting(`"${meant}"`)}.`
      : 'Copy it from the console of the node: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
  );
}

function readJump(field: Field): string | undefined {
  const jump = readText(field, 'root@bastion.example.net');
  if (jump === undefined || jump.split(',').every(isHop)) return jump;
  return field.refuse(
    `is not a way through other hosts, got: ${show(jump)}`,
    SHELL,
    'Write jump = "user@bastion.example.net:22"; user and port may be left out, several hosts are joined by commas.',
  );
}
