/** How far an attempt to log in came. */
export type Stage = 'connect' | 'handshake' | 'login';

interface Detail extends ErrorOptions {
  readonly detail?: string;
}

/**
 * An attempt to log in that came to nothing. `condition` is a system error code (`ECONNREFUSED`), or one of `timeout`,
 * `cut`, `protocol`, `disconnected`, `refused`, `password-expired`, `forward-failed`, `forward-forbidden`, `jump-lost`.
 */
export class DialFailure extends Error {
  readonly detail?: string;

  constructor(
    readonly stage: Stage,
    readonly condition: string,
    options: Detail = {},
  ) {
    super(`${stage}: ${condition}`, options);
    this.detail = options.detail;
  }
}

const TRANSIENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'timeout',
  'cut',
  'forward-failed',
]);

/** Whether another attempt may help. Once logging in has begun it may not: it would only count against the user. */
export const isTransient = ({ stage, condition }: DialFailure): boolean =>
  stage !== 'login' && TRANSIENT.has(condition);

const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there, or a firewall turns it away',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'nothing answered',
  EHOSTUNREACH: 'no way leads to that host',
  ENETUNREACH: 'no way leads to that network',
  EAI_AGAIN: 'the name could not be looked up at the moment',
  cut: 'the connection was cut',
  'forward-failed': 'the jump host could not connect to it',
};

/** A cause in words, its code behind. */
export function describeFailure({ stage, condition }: DialFailure, connectSeconds: number): string {
  if (condition === 'timeout') return `${STAGES[stage]} took longer than ${connectSeconds} s`;
  const text = TEXTS[condition];
  if (text === undefined) return condition;
  if (condition === 'cut') return `${text} during ${STAGES[stage]}`;
  return /^E[A-Z_]+$/.test(condition) ? `${text} (${condition})` : text;
}

const STAGES: Readonly<Record<Stage, string>> = {
  connect: 'connecting',
  handshake: 'the SSH handshake',
  login: 'logging in',
};
