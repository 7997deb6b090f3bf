/** Recordings of the real program, one JSON object a line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CommandEntry {
  readonly kind: 'command';
  readonly line: number;
  readonly section: string;
  readonly cmd: string;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly env: Readonly<Record<string, string>>;
}
export interface FileEntry {
  readonly kind: 'file';
  readonly line: number;
  readonly section: string;
  readonly file: string;
  readonly content: string;
}
export interface ResetEntry {
  readonly kind: 'reset';
  readonly line: number;
  readonly section: string;
}
export type Entry = CommandEntry | FileEntry | ResetEntry;

function readEntry(text: string, line: number): Entry {
  const raw = JSON.parse(text) as Record<string, unknown> & { section: string };
  const { section } = raw;
  if (raw.reset) return { kind: 'reset', line, section };
  if (raw.file) return { kind: 'file', line, section, file: String(raw.file), content: String(raw.content) };
  const env = (raw.env ?? {}) as Record<string, string>;
  const { cmd, exit, stdout, stderr } = raw as unknown as CommandEntry;
  return { kind: 'command', line, section, cmd, exit, stdout, stderr, env };
}

export function readTranscript(release: string): Entry[] {
  const file = join(__dirname, '..', '..', 'fixtures', 'transcripts', `${release}.jsonl`);
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, index) => (text === '' ? [] : [readEntry(text, index + 1)]));
}
