/** Recordings of the real program, one JSON object a line. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Common {
  readonly line: number;
  readonly section: string;
}
export interface CommandEntry extends Common {
  readonly kind: 'command';
  readonly cmd: string;
  /** The same without quotes. */
  readonly words: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly env: Readonly<Record<string, string>>;
}
export interface FileEntry extends Common {
  readonly kind: 'file';
  readonly file: string;
  readonly content: string;
}
export interface ResetEntry extends Common {
  readonly kind: 'reset';
}
export type Entry = CommandEntry | FileEntry | ResetEntry;

type Raw = Partial<Omit<CommandEntry, 'kind' | 'line'>> & { section: string; file?: string; content?: string };

/** The commands were typed into bash, so bash takes them apart. */
function wordsOf(commands: readonly string[]): string[][] {
  const input = commands.map((command) => `set -- ${command}\nprintf '%s\\0' $# "$@"\n`).join('');
  const fields = execFileSync('bash', { input, encoding: 'utf8' }).split('\0');
  return commands.map(() => fields.splice(0, Number(fields.shift())));
}

export function readTranscript(release: string): Entry[] {
  const file = join(__dirname, '..', '..', 'fixtures', 'transcripts', `${release}.jsonl`);
  const raw = readFileSync(file, 'utf8').trimEnd().split('\n');
  const entries = raw.map((text, index) => ({ ...(JSON.parse(text) as Raw), line: index + 1 }));
  const words = wordsOf(entries.flatMap(({ cmd }) => cmd ?? []));
  return entries.map(({ line, section, file, content = '', cmd, exit = 0, stdout = '', stderr = '', env = {} }) => {
    if (file !== undefined) return { kind: 'file', line, section, file, content };
    if (cmd === undefined) return { kind: 'reset', line, section };
    return { kind: 'command', line, section, cmd, words: words.shift() ?? [], exit, stdout, stderr, env };
  });
}
