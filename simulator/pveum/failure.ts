/** How a command of the node fails. */

/** Exit code of a plain failure; the real program leaks errno of whatever failed last, so others occur too. */
export const FAILED = 255;

export class Failure extends Error {
  override readonly name = 'Failure';
  /** `text` ends with a line break; `isParameter` failures get a usage line behind it. */
  constructor(
    readonly text: string,
    readonly exit: number = FAILED,
    readonly isParameter = false,
  ) {
    super(text);
  }

  /** The same failure as told by whoever held the lock. */
  within(task: string): Failure {
    return new Failure(`${task}: ${this.text}`, this.exit);
  }
}

export const failed = (text: string, exit?: number): Failure => new Failure(`${text}\n`, exit);

export const badRequest = (text: string): Failure => new Failure(`400 ${text}\n`, FAILED, true);

/** Several wrong parameters at once; the real order is random, ours is alphabetical. */
export function wrongParameters(errors: ReadonlyMap<string, string>): Failure {
  const lines = [...errors].sort(([left], [right]) => (left < right ? -1 : 1));
  const text = lines.map(([name, message]) => `${name}: ${message}\n`).join('');
  return new Failure(`400 Parameter verification failed.\n${text}`, FAILED, true);
}

export const wrongParameter = (name: string, message: string): Failure => wrongParameters(new Map([[name, message]]));
