/** What a person reads of the output of `cdktf`: no colours, no frames, no stack names, every run of blanks one blank. */
export function readable(output: string): string {
  return plain(output)
    .replace(/^ *[\w-]+ {2}/gm, '')
    .replace(/[│╷╵\s]+/g, ' ');
}

/** The blocks whose provisioner was started, in alphabetical order: `null_resource.nuc_access`. */
export function started(output: string): string[] {
  return namesIn(output, /(\S+) \(local-exec\): Executing/g);
}

/** The blocks whose provisioner failed, in alphabetical order. */
export function failed(output: string): string[] {
  return namesIn(output, /local-exec provisioner error[\s│]+(?:[\w-]+ {2})?[\s│]*with ([^\s,]+),/g);
}

/** Every line that the provisioners printed. */
export function reports(output: string): string[] {
  return [...plain(output).matchAll(/\(local-exec\): (?!Executing)(.+)/g)].map(([, line = '']) => line.trim());
}

function namesIn(output: string, pattern: RegExp): string[] {
  return [...new Set([...plain(output).matchAll(pattern)].map(([, name = '']) => name))].sort();
}

function plain(output: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor moves of a terminal
  return output.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '');
}
