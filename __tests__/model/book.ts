import type { Entry } from './entries';

/** What is known of one entry: enough to say what a deploy has to have come to. */
export class Book {
  /** The entry as it was deployed last, with success. */
  applied: Entry | undefined;
  /** The entry as the last deploy wanted it, whatever came of that. */
  last: Entry | undefined;
  /** Its secret, as the output then had it. */
  secret: string | undefined;
  /** Whether the output has that secret, and no later deploy has begun to change anything. */
  live = false;
  /** Something was done since that may give it another secret. */
  mayChange = true;
  /**
   * Whether the node was left alone since the verb ran last. The engine does not look at the node: what was changed there, or
   * what a state of old does not know, comes right when the verb runs again.
   */
  readonly trusted = { access: false, token: false };

  /** Whether a verb of it has run since it came. */
  started = false;
  /** Set while something on the node, or in the state, may not be as the verbs left it. */
  meddled = false;

  get isTrusted(): boolean {
    return this.trusted.access && this.trusted.token;
  }

  distrust(secretToo: boolean): void {
    Object.assign(this.trusted, { access: false, token: false });
    this.meddled ||= this.started;
    this.mayChange ||= secretToo;
  }

  start(): void {
    this.started = true;
    this.live = false;
  }

  ran(verb: 'access' | 'token'): void {
    this.trusted[verb] = true;
    if (this.isTrusted) this.meddled = false;
  }

  forget(): void {
    this.distrust(true);
    Object.assign(this, { applied: undefined, secret: undefined, started: false, meddled: false });
  }
}
