/**
 * Something the operator can put right: what happened, why, and what to do.
 * Whatever else is thrown is a defect of ours and keeps its stack.
 *
 * The text is shown to people and to logs: a factory never puts a secret into it.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    /** Stable name of the condition, for tests and for people who search: `HOST_KEY_UNKNOWN`. */
    readonly code: string,
    readonly what: string,
    readonly why: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super([what, `why: ${why}`, `fix: ${fix}`].join('\n  '), options);
  }
}
