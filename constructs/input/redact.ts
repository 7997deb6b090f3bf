/**
 * The last guard of every message: people paste tokens in the wrong place, and messages end up in CI logs.
 * Better one hex text too many hidden than one secret shown.
 */

const HIDDEN = '(hidden)';
/** A UUID, also a cut or mangled one, with or without its hyphens. */
const SECRET_LIKE = /[0-9a-f]{8}(?:-[0-9a-f]{1,12})+|[0-9a-f]{32,}/gi;
/** `user@realm!tokenid=…` whatever follows. */
const AFTER_IDENTITY = /(![A-Za-z0-9._-]+\s*=\s*)(?!\()[^\s"'`]+/g;
/** `//user:password@host`, `user:password@host` */
const USER_INFO = /\/\/[^/\s"]*@|:[^:/@\s"]+@/g;

export function redact(text: string): string {
  return text
    .replace(SECRET_LIKE, HIDDEN)
    .replace(AFTER_IDENTITY, `$1${HIDDEN}`)
    .replace(USER_INFO, (found) => `${found.startsWith('//') ? '//' : ':'}${HIDDEN}@`);
}

const SHOWN = 80;

/** A value for a message, after `got:`: on one line, no longer than a line, without anything like a secret. */
export function show(value: string | number): string {
  // Redacted before it is cut: half a secret would no longer look like one.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(redact(value));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
}
