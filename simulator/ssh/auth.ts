/** Who may log in, by one key. */
import { timingSafeEqual } from 'node:crypto';
import { type AuthContext, type PublicKeyAuthContext, utils } from 'ssh2';

export interface Logins {
  readonly users: readonly string[];
  readonly publicBlob: Buffer;
  readonly publicLine: string;
}

const isSame = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right);

function isKnownKey(context: PublicKeyAuthContext, { publicBlob, publicLine }: Logins): boolean {
  if (!isSame(context.key.data, publicBlob)) return false;
  // Without a signature the client only asks whether the key would do.
  if (context.signature === undefined || context.blob === undefined) return true;
  const key = utils.parseKey(publicLine);
  return !(key instanceof Error) && key.verify(context.blob, context.signature, context.hashAlgo) === true;
}

export function authenticate(context: AuthContext, logins: Logins): void {
  const isKnown = logins.users.includes(context.username);
  if (isKnown && context.method === 'publickey' && isKnownKey(context, logins)) context.accept();
  else context.reject(['publickey']);
}
