/** One call of pveum: what it reads, prints and leaves behind. Touches nothing outside of its own values. */
import { Failure } from './failure';
import { toJson } from './json';
import type { UserConfig } from './model';
import { parseUserConfig } from './parse-config';
import { type Privileges, privilegesOf } from './privileges';
import { type Release, type Traits, traitsOf } from './releases';
import type { Params } from './schema';
import { isTrue, printedBytes } from './text';
import { writeUserConfig } from './write-config';

/** Contents below etc/pve, one character a byte; undefined where a file is missing. */
export type Files = Readonly<Record<string, string | undefined>>;

export interface Call {
  readonly release: Release;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  readonly files: Files;
  /** Makes the secret of a new token. */
  readonly newSecret: () => string;
}

export interface Outcome {
  readonly exit: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Files to write, in order; one file may occur twice. */
  readonly writes: readonly { readonly file: string; readonly content: Buffer }[];
  /** The task under the configuration lock, if the call got that far. */
  readonly lockedTask?: string;
}

export class Session {
  readonly release: Release;
  readonly traits: Traits;
  readonly privileges: Privileges;
  readonly utf8: boolean;
  readonly writes: { file: string; content: Buffer }[] = [];
  readonly #files: Record<string, string | undefined>;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #config: UserConfig | undefined;
  lockedTask: string | undefined;

  constructor(readonly call: Call) {
    this.release = call.release;
    this.traits = traitsOf(call.release);
    this.privileges = privilegesOf(call.release);
    this.utf8 = isUtf8(call.env);
    this.#files = { ...call.files };
  }

  /** user.cfg is parsed once, so its warnings come once. */
  get config(): UserConfig {
    this.#config ??= parseUserConfig(this.#files['user.cfg'] ?? '', this.privileges, (line) => this.warn(line));
    return this.#config;
  }

  read(file: string): string | undefined {
    return this.#files[file];
  }

  write(file: string, text: string): void {
    const content = printedBytes(text);
    this.#files[file] = content.toString('latin1');
    this.writes.push({ file, content });
  }

  saveConfig(): void {
    this.write('user.cfg', writeUserConfig(this.config, this.release));
  }

  /** Failures under the lock are told with the task's name before them. */
  locked<T>(task: string, work: () => T): T {
    this.lockedTask = task;
    try {
      return work();
    } catch (error) {
      throw error instanceof Failure ? error.within(task) : error;
    }
  }

  /** JSON, in UTF-8 whatever the locale says. The tables that are the default are not simulated. */
  print(value: unknown, { quiet, 'output-format': format }: Params): void {
    if (value === undefined || isTrue(quiet)) return;
    const text = format === 'json' ? toJson(value) : '(a table: the simulated node prints JSON alone)';
    this.#stdout.push(Buffer.from(`${text}\n`, 'utf8'));
  }

  warn(line: string): void {
    this.#stderr.push(printedBytes(`${line}\n`));
  }

  complain(text: string): void {
    this.#stderr.push(printedBytes(text));
  }

  outcome(exit: number): Outcome {
    return {
      exit,
      stdout: Buffer.concat(this.#stdout),
      stderr: Buffer.concat(this.#stderr),
      writes: this.writes,
      lockedTask: this.lockedTask,
    };
  }
}

/** The first of the three variables that is set decides. */
export function isUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}
