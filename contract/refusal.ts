interface Detail {
  readonly cause?: unknown;
  /** Said while it is true: the condition was found before the first change. */
  readonly unchanged?: boolean;
  /** Steps that were done before it. */
  readonly done?: readonly string[];
}

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
    private readonly detail: Detail = {},
  ) {
    super(render(what, why, fix, detail), { cause: detail.cause });
  }

  /** The same, with how far the run came: the next one goes on from there. */
  after(done: readonly string[]): Refusal {
    return done.length === 0 ? this : new Refusal(this.code, this.what, this.why, this.fix, { ...this.detail, done });
  }
}

function render(what: string, why: string, fix: string, { unchanged, done = [] }: Detail): string {
  const untouched = unchanged && done.length === 0 ? 'Nothing was changed. ' : '';
  const before = done.length === 0 ? [] : [`done before this: ${done.join('; ')}`];
  return [what, `why: ${untouched}${why}`, `fix: ${fix}`, ...before].join('\n  ');
}

/** Names as messages show them. */
export const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
