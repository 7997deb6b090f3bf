import { createHash } from 'node:crypto';

/** A public key as it travels and as OpenSSH's files have it: its own type stands in front. */
export interface PublicKey {
  readonly type: string;
  readonly blob: Buffer;
}

export const publicKey = (blob: Buffer): PublicKey => ({ type: fieldsOf(blob)()?.toString('latin1') ?? '', blob });

export const fingerprint = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** Length of an RSA key's modulus; of any other key infinite: no other has a length that one may choose. */
export function rsaBits(blob: Buffer): number {
  const next = fieldsOf(blob);
  if (next()?.toString('latin1') !== 'ssh-rsa') return Number.POSITIVE_INFINITY;
  next();
  const modulus = next()?.toString('hex').replace(/^0+/, '') ?? '';
  return modulus === '' ? 0 : (modulus.length - 1) * 4 + Number.parseInt(modulus.charAt(0), 16).toString(2).length;
}

/** Names of the algorithms that a type of key signs with. SHA-1 (`ssh-rsa`) is left out, as OpenSSH has done since 8.8. */
export const signatures = (type: string): readonly string[] =>
  type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];

/** Reads `uint32 length, bytes` one after the other, or a field of a fixed length; undefined past the end. */
export function fieldsOf(body: Buffer, start = 0): (fixed?: number) => Buffer | undefined {
  let offset = start;
  return (fixed) => {
    if (fixed === undefined && offset + 4 > body.length) return undefined;
    const length = fixed ?? body.readUInt32BE(offset);
    const from = fixed === undefined ? offset + 4 : offset;
    offset = from + length;
    return offset <= body.length ? body.subarray(from, offset) : undefined;
  };
}
