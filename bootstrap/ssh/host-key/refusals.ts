import { refusal } from '../refusal';
import type { Stop } from '../stop';

/** A key that was shown, and what we call it. */
export interface SeenKey {
  readonly type: string;
  readonly fingerprint: string;
}

const named = ({ fingerprint, type }: SeenKey) => `${fingerprint} (${type})`;

/** How to read the true fingerprint where no network can lie about it. */
const compare = (type = '') => {
  const name = type === 'ssh-rsa' ? 'rsa' : type.startsWith('ecdsa') ? 'ecdsa' : 'ed25519';
  return `Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub\`.`;
};

const IMPOSTOR = 'The machine was reinstalled, or another one answers in its place. No login was attempted.';

export const hostKeyUnknown = (
  stop: Stop,
  shown: SeenKey,
  line: string,
  { otherTypes, authorities }: { readonly otherTypes: readonly string[]; readonly authorities: readonly string[] },
) => {
  const file = stop.knownHostsFiles.find((path) => path !== '/dev/null') ?? 'known_hosts';
  // A jump host cannot be pinned in the settings.
  const pin = stop.role === 'node' ? `set \`ssh.host_key = "${shown.fingerprint}"\` in the entry, or ` : '';
  const reasons = [
    otherTypes.length > 0
      ? `known_hosts has only other key types for it: ${otherTypes.join(', ')}.`
      : 'Without a known key, another machine could answer in its place, whatever `StrictHostKeyChecking` says.',
    ...(authorities.length > 0
      ? [`Host certificates are not supported, so ${authorities.join(', ')} does not vouch for it.`]
      : []),
  ];
  return refusal(
    'HOST_KEY_UNKNOWN',
    `${stop.place} presented an unknown host key, got: ${named(shown)}.`,
    `${reasons.join(' ')} No login was attempted.`,
    [`${compare(shown.type)} If it matches, ${pin}add this line to ${file}:`, line],
  );
};

export const hostKeyChanged = (place: string, shown: SeenKey, places: readonly string[]) =>
  refusal(
    'HOST_KEY_CHANGED',
    `${place} presented a different host key than the one in ${places.join(', ')}, got: ${named(shown)}.`,
    IMPOSTOR,
    `${compare(shown.type)} Replace the known key only if it matches.`,
  );

export const hostKeyRevoked = (place: string, shown: SeenKey, places: readonly string[]) =>
  refusal(
    'HOST_KEY_REVOKED',
    `${place} presented a revoked host key, got: ${named(shown)}.`,
    `It is revoked in ${places.join(', ')}. \`ssh.host_key\` does not override that. No login was attempted.`,
    'Create a new host key on the machine. Remove it there only if that is wrong.',
  );

export const hostKeyNotPinned = (place: string, pins: readonly string[], seen: readonly SeenKey[]) =>
  refusal(
    'HOST_KEY_NOT_PINNED',
    `${place} does not have the host key in \`ssh.host_key\` (${pins.join(', ')}), got: ${seen.map(named).join(', ')}.`,
    IMPOSTOR,
    `${compare(seen[0]?.type)} Change \`ssh.host_key\` only if it matches.`,
  );

export const hostKeyTooShort = (place: string, shown: SeenKey, bits: number, least: number) =>
  refusal(
    'HOST_KEY_TOO_SHORT',
    `${place} presented a host key of ${bits} bits, got: ${named(shown)}.`,
    `Fewer than ${least} are not trusted (\`RequiredRSASize\`). No login was attempted.`,
    'Create an Ed25519 host key on the machine: `ssh-keygen -A`.',
  );

export const hostKeyAlgorithmsUnsupported = (place: string, names: readonly string[]) =>
  refusal(
    'HOST_KEY_ALGORITHMS_UNSUPPORTED',
    `\`HostKeyAlgorithms\` of the ssh config leaves nothing to ask ${place} for, got: ${names.join(',')}`,
    'Host certificates, hardware keys and SHA-1 are not supported.',
    'Add ssh-ed25519, ecdsa-sha2-nistp256 or rsa-sha2-512 for this host.',
  );

export const revokedListUnreadable = (file: string, code: string, cause: unknown) =>
  refusal(
    'REVOKED_KEYS_UNREADABLE',
    `\`RevokedHostKeys\` of the ssh config names a file that cannot be read (${code}), got: ${file}`,
    'It may revoke the key of this host, so no connection was made.',
    'Correct the path, or make the file readable.',
    cause,
  );

export const revokedLineBroken = (place: string) =>
  refusal(
    'REVOKED_KEYS_BROKEN',
    `${place}: this line of \`RevokedHostKeys\` is no public key.`,
    'It may revoke the key of this host, so no connection was made.',
    'Correct the line, or make a key revocation list with `ssh-keygen -k`.',
  );
