import { redact } from '../../constructs/input/redact';
import type { Given } from '../command';
import type { Terminal } from '../context';
import { WrongUse } from '../exit';

export interface Question {
  /** Without the default, which stands behind it in brackets. */
  readonly text: string;
  /** The option that answers it. */
  readonly option: string;
  readonly fallback: string;
  /** What is wrong with an answer. */
  readonly check: (answer: string) => string | undefined;
}

/** Where answers come from: the command line first, then a person, then the default. */
export class Answers {
  constructor(
    private readonly given: Given,
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal,
  ) {}

  /** Throws `WrongUse` where the command line answers with something wrong. */
  async choose({ text, option, fallback, check }: Question): Promise<string> {
    const value = this.checked(option, check);
    if (value !== undefined) return value;
    if (!this.asks(option)) return fallback;
    for (;;) {
      const answer = (await this.ask(`${text} [${fallback}]`)) || fallback;
      const complaint = check(answer);
      if (complaint === undefined) return answer;
      this.terminal.note(`${redact(answer)} ${complaint}`);
    }
  }

  /** The value of an option, if it is given. */
  checked(option: string, check: (answer: string) => string | undefined): string | undefined {
    const value = this.given.value(option);
    const complaint = value === undefined ? undefined : check(value);
    if (complaint !== undefined) throw new WrongUse(`\`--${option}\` ${complaint}, got: ${redact(value ?? '')}`);
    return value;
  }

  /** Whether a person will be asked this. */
  asks(option: string): boolean {
    return this.canAsk && !this.given.flag('yes') && this.given.value(option) === undefined;
  }

  /** A question that has a harmless answer: `--yes` gives it, and so does the absence of anybody to ask. */
  async agree(text: string): Promise<boolean> {
    if (!this.canAsk || this.given.flag('yes')) return true;
    return /^(?:y(?:es)?)?$/i.test(await this.ask(`${text} [Y/n]`));
  }

  /** A question of trust: only a person says yes to it. */
  async trust(text: string): Promise<boolean> {
    return this.canAsk && /^y(?:es)?$/i.test(await this.ask(`${text} [y/N]`));
  }

  get canAsk(): boolean {
    return this.terminal.ask !== undefined;
  }

  /** What a person types, without blanks around it; empty where nobody can be asked. */
  async ask(text: string): Promise<string> {
    // Whoever pressed Ctrl-C is asked nothing more.
    this.signal.throwIfAborted();
    return (await this.terminal.ask?.(text))?.trim() ?? '';
  }
}
