import type { SshSettings } from '../../contract/settings';
import { maskForeign } from '../foreign-text';
import { commandFailed, nodeLocked, orphaned } from '../refusals';
import { type Answer, type Connection, quote, type Clock as SshClock } from '../ssh';

/** Waiting and the time, given by the program, so that tests need none. */
export interface Clock extends SshClock {
  /** Milliseconds since some moment. */
  now(): number;
}

/** One node over one connection: the one place that turns words into a remote command line. */
export interface NodeShell {
  /** Runs a command that changes nothing. The answer is the caller's to judge. */
  read(words: readonly string[]): Promise<Answer>;
  /** Runs `pveum`; throws where it fails. A locked configuration is tried again: nothing took effect then (measured). */
  pveum(words: readonly string[]): Promise<string>;
  /** As `pveum`, but a failure is an answer too. */
  tryPveum(words: readonly string[]): Promise<Answer>;
}

const LOCKED = /got lock (request )?timeout|can't lock file/;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

export function openShell(
  connection: Connection,
  settings: SshSettings,
  clock: Clock,
  report: (line: string) => void,
  isOrphan: () => boolean = () => false,
): NodeShell {
  const sudo = settings.sudo ?? connection.user !== 'root';
  // C.UTF-8, not C: `pveum` decodes its arguments by the locale, and a comment may hold more than ASCII.
  const prefix = ['env', 'LC_ALL=C.UTF-8', ...(sudo ? ['sudo', '-n'] : [])];
  const run = (words: readonly string[]) => connection.run(quote([...prefix, ...words]));

  async function tryPveum(words: readonly string[]): Promise<Answer> {
    const deadline = clock.now() + settings.timeouts.lock * 1000;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const answer = await run(['pveum', ...words]);
      if (answer.exit === 0 || !LOCKED.test(answer.stderr)) return answer;
      if (clock.now() + pause > deadline) throw nodeLocked(nameOf(words), settings.timeouts.lock);
      report("the node's user configuration is locked: waiting");
      await clock.sleep(pause);
      // A lock may be held for a minute: long enough for the engine to go and the next deploy to come.
      if (isOrphan()) throw orphaned();
    }
  }

  async function pveum(words: readonly string[]): Promise<string> {
    const answer = await tryPveum(words);
    if (answer.exit !== 0) throw commandFailed(nameOf(words), answer.exit, lastWords(answer));
    return answer.stdout;
  }

  return { read: run, pveum, tryPveum };
}

/** The subcommand and what it is on, without options: enough to know it by, nothing that could be a secret. */
function nameOf(words: readonly string[]): string {
  const options = words.findIndex((word) => word.startsWith('--'));
  return ['pveum', ...words.slice(0, options < 0 ? undefined : options)].join(' ');
}

/** What a failed command said, as one line; anything that looks like a secret is masked. */
export function lastWords({ stderr }: Answer): string {
  const text = maskForeign(stderr);
  const lines = text.split('\n').map((line) => line.trim());
  return (
    lines
      .filter((line) => line !== '')
      .join(' / ')
      .slice(0, 500) || 'it gave no reason'
  );
}
