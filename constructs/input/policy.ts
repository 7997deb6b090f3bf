/** What happens to tokens over time: made, kept, rotated, verified, taken away. */
import { checkIdentity } from '../../contract/identifiers';
import type { OnExisting, Removal, VerifySettings } from '../../contract/settings';
import type { Field } from './field';
import { readPath } from './paths';
import { readChoice, readFlag, readList, readText } from './readers';
import { show } from './redact';

const GENERATION = /^[A-Za-z0-9._-]{1,64}$/;
const ON_EXISTING: readonly OnExisting[] = ['adopt', 'rotate', 'fail'];
const REMOVAL: readonly Removal[] = ['revoke', 'retain'];

export const readOnExisting = (bootstrap: Field): OnExisting =>
  readChoice(bootstrap.at('on_existing'), ON_EXISTING, 'adopt');

export const readRemoval = (bootstrap: Field): Removal => readChoice(bootstrap.at('removal'), REMOVAL, 'revoke');

export function readGeneration(bootstrap: Field): string {
  const field = bootstrap.at('generation');
  const text = typeof field.value === 'number' ? String(field.value) : (readText(field, '2') ?? '1');
  if (!GENERATION.test(text)) {
    field.refuse(
      `is not a generation, got: ${show(text)}`,
      'It is part of the mark on the node: 1 to 64 letters, digits, `.`, `_`, `-`.',
      'Write generation = "2", or a date such as "2027-01".',
    );
  }
  return text;
}

export function readIdentity(field: Field): string | undefined {
  if (!field.given) {
    const why = 'It names the token that is made; the secret comes from the node.';
    return field.refuse(
      'is missing',
      why,
      'Add api_token = "opentofu@pve!opentofu-token", or another user@realm!tokenid.',
    );
  }
  const identity = readText(field, 'opentofu@pve!opentofu-token');
  const complaint = identity === undefined ? undefined : checkIdentity(identity);
  if (complaint === undefined) return identity;
  const [bare = ''] = identity?.split('=') ?? [];
  // With a secret behind it, which is refused as such: the checks after this one go on.
  if (checkIdentity(bare) === undefined) return bare;
  return field.refuse(
    `${complaint}, got: ${show(identity ?? '')}`,
    'The node knows a token by user@realm!tokenid.',
    'Write it like "opentofu@pve!opentofu-token".',
  );
}

/** Older identities of the same cluster, which are kept alive while consumers move to the current one. */
export function readRetain(bootstrap: Field, current: string | undefined): string[] {
  const retained: string[] = [];
  for (const item of readList(bootstrap.at('retain'), '["opentofu@pve!old-token"]') ?? []) {
    const identity = readIdentity(item);
    if (identity === undefined) continue;
    if (identity === current) {
      item.refuse('is the current token', 'It is kept anyway; `retain` is for older ones.', 'Take it out of the list.');
    } else if (retained.includes(identity)) {
      item.refuse(`is listed twice, got: ${show(identity)}`, 'Once is enough.', 'Take one out.');
    }
    retained.push(identity);
  }
  return retained;
}

/** Absent when `verify = false`. */
export function readVerify(
  bootstrap: Field,
  endpoint: string | undefined,
  insecure: boolean,
): VerifySettings | undefined {
  const field = bootstrap.at('ca_file');
  const ca_file = readPath(field, 'ca/nuc.pem');
  // A default of the file is for those entries that check certificates.
  if (insecure && field.given && !field.inherited) {
    field.refuse(
      'contradicts insecure = true',
      'With `insecure` no certificate is checked, so no CA certificate is used.',
      'Take one of the two out: better `insecure`.',
    );
  }
  if (!readFlag(bootstrap.at('verify'), true)) return undefined;
  return { endpoint: endpoint ?? '', insecure, ...(ca_file !== undefined && !insecure && { ca_file }) };
}
