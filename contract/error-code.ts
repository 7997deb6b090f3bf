/** The code of a system error (`ENOENT`), for a message; `unknown` for an error that has none. */
export const errorCode = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
