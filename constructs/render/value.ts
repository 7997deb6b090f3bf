/** What the writers of HCL and JSON are given: plain values, and the places where Terraform puts a secret. */

/** Text that is written without escapes: a token whose secret is still an interpolation. */
export class Verbatim {
  constructor(readonly text: string) {}
}

export type Value = null | boolean | number | string | Verbatim | readonly Value[] | { readonly [key: string]: Value };

export function isLeaf(value: Value): boolean {
  return value === null || typeof value !== 'object' || value instanceof Verbatim || Object.keys(value).length === 0;
}

/**
 * The rendered file is a string of cdk.tf.json, which Terraform evaluates as a template: a `${` or `%{` of the user's
 * would be evaluated with it. The input refuses both, so one that comes here is a defect: `RangeError`.
 */
export function assertLiteral(value: unknown): void {
  if (typeof value === 'string' && /[$%]\{/.test(value)) throw new RangeError('a value holds the start of a template');
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    assertLiteral(key);
    assertLiteral(item);
  }
}

/** Apart from its interpolations a token holds nothing that any of the formats would have to escape. */
export function assertToken(token: string): void {
  if (/^[A-Za-z0-9._+@!=-]*$/.test(token.replace(/\$\{[^}]*\}/g, ''))) return;
  throw new RangeError('a token holds other text than an identity and an interpolation');
}
