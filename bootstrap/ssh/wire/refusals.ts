import { refusal } from '../refusal';

export const hostNotFound = (place: string, host: string) =>
  refusal(
    'HOST_NOT_FOUND',
    `Cannot connect to ${place}: the name \`${host}\` does not exist (ENOTFOUND).`,
    'The name servers of this machine do not know it, so there was no second attempt.',
    'Correct `ssh.host` in the entry (an IP address works, too), or `HostName` in the ssh config.',
  );

export const connectFailed = (place: string, reason: string, attempts: number, cause?: unknown) =>
  refusal(
    'CONNECT_FAILED',
    `Cannot connect to ${place}: ${reason}.`,
    `${attempts === 1 ? 'One attempt' : `${attempts} attempts`} failed. Nothing was sent to the node.`,
    'Check that sshd runs there, that host and port are correct, and that no firewall or VPN blocks them. `ssh.timeouts.connect` limits one attempt.',
    cause,
  );

export const handshakeFailed = (place: string, detail: string, cause?: unknown) =>
  refusal(
    'HANDSHAKE_FAILED',
    `The SSH handshake with ${place} failed, got: ${detail}`,
    'The port does not belong to an SSH server, or it shares no algorithm with this program, which has no post-quantum key exchange.',
    'Check host and port, and `KexAlgorithms`, `Ciphers` and `MACs` on both sides. Update an SSH server from before 2016.',
    cause,
  );

export const forwardingForbidden = (place: string) =>
  refusal(
    'FORWARDING_FORBIDDEN',
    `Cannot connect to ${place}: the jump host before it does not forward connections.`,
    'The settings of its SSH server forbid it.',
    'Set `AllowTcpForwarding yes` (and `PermitOpen`) for the user on the jump host, or use another jump host.',
  );

export const commandNotStarted = (place: string, cause?: unknown) =>
  refusal(
    'COMMAND_NOT_STARTED',
    `${place} accepted the login but ran no command.`,
    'The SSH server refused to, or closed the session. Nothing was changed on the node.',
    'Check `ForceCommand`, `MaxSessions` and the login shell of this user on the node, then deploy again.',
    cause,
  );

export const connectionLost = (place: string, program: string, cause?: unknown) =>
  refusal(
    'CONNECTION_LOST',
    `The connection to ${place} was lost before \`${program}\` answered.`,
    'The command may have taken effect, so it was not sent again.',
    'Deploy again: what is already done is found on the node and kept.',
    cause,
  );

export const commandTimeout = (place: string, program: string, seconds: number) =>
  refusal(
    'COMMAND_TIMEOUT',
    `\`${program}\` on ${place} did not answer within ${seconds} s.`,
    'The command may still take effect.',
    "Check the node's load and its cluster file system (`pvecm status`), or raise `ssh.timeouts.command`. Then deploy again.",
  );

export const outputTooLarge = (place: string, program: string, mebibytes: number) =>
  refusal(
    'OUTPUT_TOO_LARGE',
    `\`${program}\` on ${place} printed more than ${mebibytes} MiB.`,
    'No command of this program prints that much, and the output is kept in memory.',
    'Run the command on the node and look at its output.',
  );
