import { stripVTControlCharacters } from 'node:util';

/** What a person reads of the output of `cdktf`: no colours, no frames, no progress, every run of blanks one blank. */
export function readable(output: string): string {
  return plain(output)
    .replace(/^[\u2800-\u28ff].*$/gm, '')
    .replace(/[│╷╵\s]+/g, ' ');
}

/** The blocks whose provisioner was started, in alphabetical order: `null_resource.nuc_access`. */
export function started(output: string): string[] {
  return namesIn(plain(output), /(\S+) \(local-exec\): Executing/g);
}

/** What the engine says in the end of each provisioner that failed, by block. */
export function failures(output: string): Map<string, string> {
  const errors = readable(output).split('Error: local-exec provisioner error with ').slice(1);
  return new Map(errors.map((text) => [text.split(/[\s,]/, 1).join(), text]));
}

/** The blocks that a plan is not to leave alone, in alphabetical order. */
export function planned(output: string): string[] {
  return namesIn(plain(output), / # (\S+) (?:\([^)]*\) )?(?:will be|must be|is tainted)/g);
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
}

function plain(output: string): string {
  return stripVTControlCharacters(output).replaceAll('\r', '');
}
