/** Who may log in: one key, or a password where one is set. */
import { timingSafeEqual } from 'node:crypto';
import { type AuthContext, type PublicKeyAuthContext, utils } from 'ssh2';

export interface Logins {
  readonly users: readonly string[];
  readonly publicBlob: Buffer;
  readonly publicLine: string;
  readonly password?: string;
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
  const methods: ('publickey' | 'password')[] =
    logins.password === undefined ? ['publickey'] : ['publickey', 'password'];
  const known = logins.users.includes(context.username);
  if (known && context.method === 'publickey' && isKnownKey(context, logins)) context.accept();
  else if (
    known &&
    context.method === 'password' &&
    logins.password !== undefined &&
    isSame(Buffer.from(context.password), Buffer.from(logins.password))
  ) {
    context.accept();
  } else context.reject(methods);
}
