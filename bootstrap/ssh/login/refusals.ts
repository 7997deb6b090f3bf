import { PASSPHRASE_VARIABLE, PASSWORD_VARIABLE } from '../machine';
import { refusal } from '../refusal';
import type { Stop } from '../stop';

const ONLY_KEY = 'The entry names this key, so no other key is tried.';

export const keyFileMissing = (path: string) =>
  refusal(
    'KEY_FILE_MISSING',
    `\`ssh.identity_file\` does not exist, got: ${path}`,
    ONLY_KEY,
    'Correct the path (absolute, ~/..., or relative to the folder of cdktf.json), or remove the setting.',
  );

export const keyFileUnreadable = (path: string, code: string) =>
  refusal(
    'KEY_FILE_UNREADABLE',
    `\`ssh.identity_file\` cannot be read (${code}), got: ${path}`,
    ONLY_KEY,
    'Make the file readable for the user that runs the deploy.',
  );

export const keyFileNotAKey = (path: string, problem: string) =>
  refusal(
    'KEY_FILE_NOT_PRIVATE',
    `\`ssh.identity_file\` is not a private key, got: ${path}`,
    problem,
    'Set the path of the private key (usually the path without .pub), or add the key to the SSH agent with ssh-add.',
  );

export const keyFileUnsupported = (path: string) =>
  refusal(
    'KEY_FILE_UNSUPPORTED',
    `\`ssh.identity_file\` is a private key of an unsupported type, got: ${path}`,
    'Ed25519, ECDSA and RSA keys are supported, as ssh-keygen writes them.',
    `Convert it with \`ssh-keygen -p -f ${path}\`, or add it to the SSH agent with ssh-add.`,
  );

export const passphraseWrong = (path: string) =>
  refusal(
    'PASSPHRASE_WRONG',
    `${PASSPHRASE_VARIABLE} does not decrypt \`ssh.identity_file\`, got: ${path}`,
    'The passphrase is wrong, or the cipher is not supported. The SSH agent does not hold the key.',
    `Correct ${PASSPHRASE_VARIABLE}, or add the key to the SSH agent with ssh-add.`,
  );

/** A way to log in that was left out. */
export interface Skipped {
  readonly reason: string;
  /** The right passphrase would mend it. */
  readonly encrypted?: true;
}

export interface FailedLogin {
  /** Labels of what was sent. */
  readonly tried: readonly string[];
  readonly skipped: readonly Skipped[];
  /** What the server takes; empty if it has not said so. */
  readonly accepted: readonly string[];
  /** The server ended it before everything was tried. */
  readonly cutOff: boolean;
}

export const authFailed = (stop: Stop, login: FailedLogin, cause?: unknown) => {
  const { tried, skipped, accepted, cutOff } = login;
  const why = [
    tried.length > 0 ? `Tried: ${tried.join('; ')}.` : 'There was nothing to try.',
    ...(cutOff ? ['Then the server disconnected (MaxAuthTries).'] : []),
    ...(skipped.length > 0 ? [`Skipped: ${skipped.map(({ reason }) => reason).join('; ')}.`] : []),
    ...(accepted.length > 0 ? [`The server accepts: ${accepted.join(', ')}.`] : []),
  ];
  return refusal('AUTH_FAILED', `${stop.place} rejected the login.`, why.join(' '), wayIn(stop, login), cause);
};

/** The one thing to do next. */
function wayIn(stop: Stop, { tried, skipped, accepted, cutOff }: FailedLogin): string {
  if (cutOff && tried.length > 1) return 'Set `ssh.identity_file` in the entry to the one key that the server accepts.';
  if (skipped.some(({ encrypted }) => encrypted)) return `Set ${PASSPHRASE_VARIABLE} to the passphrase of the key.`;
  const takes = (...kinds: string[]) => accepted.length === 0 || accepted.some((kind) => kinds.includes(kind));
  const ways: string[] = [];
  if (takes('publickey') && stop.methods.includes('publickey')) {
    const port = stop.port === 22 ? '' : `-p ${stop.port} `;
    const copy = `authorize your key there (\`ssh-copy-id ${port}${stop.user}@${stop.host}\`)`;
    const other = 'set `ssh.identity_file` in the entry, or add the key to the SSH agent with ssh-add';
    ways.push(tried.length > 0 ? copy : other);
  }
  if (accepted.some((kind) => kind !== 'publickey' && stop.methods.some((method) => method === kind))) {
    ways.push(`${tried.some((label) => label.startsWith('password')) ? 'correct' : 'set'} ${PASSWORD_VARIABLE}`);
  }
  const where = takes('publickey') ? 'for this host in the ssh config' : "for this user in the server's sshd_config";
  const text = ways.join(', or ') || `allow \`PubkeyAuthentication\` ${where}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export const passwordExpired = (place: string) =>
  refusal(
    'PASSWORD_EXPIRED',
    `${place} rejected the login: the password in ${PASSWORD_VARIABLE} has expired.`,
    'The server asks for a new password, and a deploy cannot choose one.',
    'Log in once with ssh and change the password, or use a key.',
  );
