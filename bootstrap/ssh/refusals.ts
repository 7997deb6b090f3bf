/**
 * Every condition of this room that the operator can put right, one factory each. `place` is where it happened, quoted and
 * explained already. Longer than other files because it is one list.
 */
import { Refusal } from '../../contract/refusal';
import { PASSPHRASE_VARIABLE, PASSWORD_VARIABLE } from './machine';

interface Shown {
  readonly type: string;
  readonly fingerprint: string;
}

/** How to read the true fingerprint where no network can lie about it. */
const onConsole = (type: string) => {
  const name = type === 'ssh-rsa' ? 'rsa' : type.startsWith('ecdsa') ? 'ecdsa' : 'ed25519';
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub`;
};

// --- files of the operator's machine

export const sshConfigBroken = (place: string, problem: string) =>
  new Refusal(
    'SSH_CONFIG_BROKEN',
    `${place} cannot be understood: ${problem}.`,
    'What the line is to change for this host cannot be known, so nothing was connected.',
    'Correct the line; `ssh -G HOST` checks the file too.',
  );

export const sshFileUnreadable = (path: string, code: string, cause?: unknown) =>
  new Refusal(
    'SSH_FILE_UNREADABLE',
    `${path} is there but cannot be read, got: ${code}.`,
    'It may say which host keys to trust or how to reach the host, so it is not passed over.',
    'Make it readable for the user that runs the deploy.',
    { cause },
  );

export const proxyCommandUnsupported = (address: string, place: string) =>
  new Refusal(
    'PROXY_COMMAND_UNSUPPORTED',
    `\`${address}\` is to be reached with a ProxyCommand (${place}).`,
    'Only ProxyJump is supported, and a direct connection could reach another machine of that name.',
    'Set `ssh.jump` in the entry: the jump hosts, or "none" for a direct connection.',
  );

export const jumpInvalid = (value: string) =>
  new Refusal(
    'JUMP_INVALID',
    `The jump hosts cannot be understood, got: ${value}`,
    'They stand in `ssh.jump` of the entry, or in a ProxyJump of the ssh config.',
    'Write [user@]host[:port], several joined by commas, or "none"; an IPv6 address in brackets.',
  );

export const jumpLoop = (trail: readonly string[]) =>
  new Refusal(
    'JUMP_LOOP',
    `The jump hosts lead in a circle: ${trail.join(' -> ')}.`,
    'Each of them is to be reached through the next.',
    'Set `ProxyJump none` for the outermost jump host in the ssh config.',
  );

export const keyFileMissing = (path: string) =>
  new Refusal(
    'KEY_FILE_MISSING',
    `\`ssh.identity_file\` is not there, got: ${path}`,
    'The entry names this key for the node, and no other is tried.',
    'Correct the path (absolute, ~/…, or relative to the folder of cdktf.json), or leave the setting out.',
  );

export const keyFileUnreadable = (path: string, code: string) =>
  new Refusal(
    'KEY_FILE_UNREADABLE',
    `\`ssh.identity_file\` cannot be read, got: ${path} (${code})`,
    'The entry names this key for the node, and no other is tried.',
    'Make the file readable for the user that runs the deploy.',
  );

export const keyFileNotAKey = (path: string, problem: string) =>
  new Refusal(
    'KEY_FILE_NOT_PRIVATE',
    `\`ssh.identity_file\` is not a private key, got: ${path}`,
    `It holds ${problem}.`,
    'Name the private key (usually the path without .pub), or load it into the SSH agent with ssh-add.',
  );

export const keyFileUnsupported = (path: string) =>
  new Refusal(
    'KEY_FILE_UNSUPPORTED',
    `\`ssh.identity_file\` is a private key of a kind that is not supported, got: ${path}`,
    'Supported are Ed25519, ECDSA and RSA keys as ssh-keygen writes them.',
    `Let \`ssh-keygen -p -f ${path}\` write it anew, or load it into the SSH agent with ssh-add.`,
  );

export const passphraseWrong = (path: string) =>
  new Refusal(
    'PASSPHRASE_WRONG',
    `The passphrase in ${PASSPHRASE_VARIABLE} does not open \`ssh.identity_file\`, got: ${path}`,
    'The key is encrypted with another passphrase or in a way that is not supported, and the SSH agent does not hold it.',
    `Correct ${PASSPHRASE_VARIABLE}, or load the key into the SSH agent with ssh-add.`,
  );

// --- host keys

interface Unknown {
  /** For known_hosts. */
  readonly line: string;
  readonly file: string;
  /** Types of key that known_hosts has for the host. */
  readonly otherTypes: readonly string[];
  readonly pinnable: boolean;
}

export const hostKeyUnknown = (place: string, shown: Shown, { line, file, otherTypes, pinnable }: Unknown) => {
  const others = otherTypes.length > 0 ? ` Known for it: ${otherTypes.join(', ')}, which it did not show.` : '';
  const pin = pinnable ? `set ssh.host_key = "${shown.fingerprint}" in the entry, or ` : '';
  return new Refusal(
    'HOST_KEY_UNKNOWN',
    `${place} showed a host key that is not known, got: ${shown.fingerprint} (${shown.type}).${others}`,
    'Nothing was sent: whoever holds that key would have been given the login.',
    `Compare it on the machine's console (${onConsole(shown.type)}). If it is the same, ${pin}add this line to ${file}:\n  ${line}`,
  );
};

export const hostKeyChanged = (place: string, shown: Shown, places: readonly string[]) =>
  new Refusal(
    'HOST_KEY_CHANGED',
    `${place} showed another host key than the known one, got: ${shown.fingerprint} (${shown.type}).`,
    `Known is the key in ${places.join(', ')}. Either the machine was installed anew or somebody poses as it; nothing was sent.`,
    `Compare it on the machine's console (${onConsole(shown.type)}). Only if it is the same, replace the known one.`,
  );

export const hostKeyRevoked = (place: string, shown: Shown, places: readonly string[]) =>
  new Refusal(
    'HOST_KEY_REVOKED',
    `${place} showed a host key that is revoked, got: ${shown.fingerprint} (${shown.type}).`,
    `It is revoked in ${places.join(', ')}: others may hold it too. A pin does not change that; nothing was sent.`,
    'Give the machine a new host key, or remove the @revoked line if it is wrong.',
  );

export const hostKeyNotPinned = (place: string, pin: string, seen: readonly Shown[]) =>
  new Refusal(
    'HOST_KEY_NOT_PINNED',
    `${place} does not have the pinned host key, got: ${seen.map((key) => `${key.fingerprint} (${key.type})`).join(', ')}.`,
    `\`ssh.host_key\` pins ${pin}. Either the machine was installed anew or somebody poses as it; nothing was sent.`,
    `Compare on the machine's console (${onConsole(seen[0]?.type ?? '')}). Only if it is the same, correct \`ssh.host_key\`.`,
  );

// --- connecting

export const hostNotFound = (place: string, host: string) =>
  new Refusal(
    'HOST_NOT_FOUND',
    `${place} cannot be reached: the name \`${host}\` does not exist.`,
    'The name servers of this machine do not know it (ENOTFOUND), so there was no second attempt.',
    'Correct `ssh.host` in the entry (an address works too), or the HostName in the ssh config.',
  );

export const connectFailed = (place: string, reason: string, attempts: number, cause?: unknown) =>
  new Refusal(
    'CONNECT_FAILED',
    `${place} cannot be reached: ${reason}.`,
    `${attempts === 1 ? 'One attempt was' : `${attempts} attempts were`} made; no command was sent.`,
    'Check that the machine is up and sshd runs, that host and port are right, that no firewall or VPN is in the way; `ssh.timeouts.connect` is the limit of one attempt.',
    { cause },
  );

export const handshakeFailed = (place: string, detail: string, cause?: unknown) =>
  new Refusal(
    'HANDSHAKE_FAILED',
    `${place} answers, but no SSH session came about, got: ${detail}`,
    'What listens there is not an SSH server, or the two have no algorithm in common.',
    'Check host and port; an SSH server from before 2016 has to be updated.',
    { cause },
  );

export const forwardingForbidden = (place: string) =>
  new Refusal(
    'FORWARDING_FORBIDDEN',
    `${place} cannot be reached: the jump host before it does not forward connections.`,
    'Its SSH server refused to, by its configuration.',
    'Set `AllowTcpForwarding yes` (and PermitOpen) for the user on the jump host, or take another one.',
  );

interface Login {
  /** `user@host`, for ssh-copy-id. */
  readonly address: string;
  readonly port: number;
  readonly tried: readonly string[];
  readonly skipped: readonly string[];
  readonly accepted: readonly string[];
  /** The server ended it before everything was tried (MaxAuthTries). */
  readonly cutOff: boolean;
  /** A jump host is never sent the password. */
  readonly passwordHelps: boolean;
}

export const authFailed = (place: string, login: Login, cause?: unknown) => {
  const { address, port, tried, skipped, accepted, cutOff, passwordHelps } = login;
  const why = [
    tried.length > 0 ? `tried: ${tried.join('; ')}` : 'there was nothing to try',
    ...(cutOff ? ['then it cut off (MaxAuthTries): name the one key with `ssh.identity_file`'] : []),
    ...(skipped.length > 0 ? [`skipped: ${skipped.join('; ')}`] : []),
    ...(accepted.length > 0 ? [`it takes: ${accepted.join(', ')}`] : []),
  ];
  const variables = passwordHelps ? `${PASSPHRASE_VARIABLE} or ${PASSWORD_VARIABLE}` : PASSPHRASE_VARIABLE;
  return new Refusal(
    'AUTH_FAILED',
    `${place} did not let us in.`,
    `${why.join('. ')}.`,
    `Put your public key there (ssh-copy-id ${port === 22 ? '' : `-p ${port} `}${address}), load the key into the SSH agent, or set ${variables}.`,
    { cause },
  );
};

export const passwordExpired = (place: string) =>
  new Refusal(
    'PASSWORD_EXPIRED',
    `${place} did not let us in: the password in ${PASSWORD_VARIABLE} has expired.`,
    'The machine asks for a new one, which a deploy cannot choose.',
    'Log in once with ssh and change it, or use a key.',
  );

// --- commands

export const commandNotStarted = (place: string, program: string, cause?: unknown) =>
  new Refusal(
    'COMMAND_NOT_STARTED',
    `${place} did not start \`${program}\`.`,
    'The SSH server refused to run a command (ForceCommand, MaxSessions or a closed session); nothing took effect.',
    'Check the settings of sshd for this user, then run it again.',
    { cause },
  );

export const connectionLost = (place: string, program: string, cause?: unknown) =>
  new Refusal(
    'CONNECTION_LOST',
    `The connection to ${place} was lost before \`${program}\` answered.`,
    'The command may have taken effect, so it was not sent again.',
    'Run it again: what is already done is found on the node and kept.',
    { cause },
  );

export const commandTimeout = (place: string, program: string, seconds: number) =>
  new Refusal(
    'COMMAND_TIMEOUT',
    `\`${program}\` on ${place} did not answer within ${seconds} s.`,
    'It may still be running and may take effect: closing a session does not stop every program.',
    'Look at the load and the cluster file system (pvecm status) of the node, or raise `ssh.timeouts.command`; then run it again.',
  );

export const outputTooLarge = (place: string, program: string, mebibytes: number) =>
  new Refusal(
    'OUTPUT_TOO_LARGE',
    `\`${program}\` on ${place} answered with more than ${mebibytes} MiB.`,
    'No command that we run has so much to say, and it would have to be held in memory.',
    'Run it on the node and look at what it prints.',
  );
