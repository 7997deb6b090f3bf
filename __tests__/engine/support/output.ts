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

/** The blocks whose provisioner failed, in alphabetical order. */
export function failed(output: string): string[] {
  return namesIn(readable(output), /local-exec provisioner error with ([^\s,]+)/g);
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
}

function plain(output: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor moves of a terminal
  return output.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '');
}
