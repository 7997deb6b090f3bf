/** What the bootstrap program said, out of all that `cdktf` and the engine print. */
import { stripVTControlCharacters } from 'node:util';

const PROVISIONER = /(?:null_resource|terraform_data)\.(\S+?)(?: \(\S+\))? \(local-exec\): (?!Executing)(.+)/;
/** `nuc_token`, `revocation["nuc"]` */
const CLUSTER = /^(?:revocation\["(.+)"\]|(.+)_(?:access|access_done|token|secret))$/;

/** `nuc: token opentofu@pve!ci: made`; nothing for any other line. */
export function stepLine(line: string): string | undefined {
  const [, block = '', text = ''] = PROVISIONER.exec(stripVTControlCharacters(line)) ?? [];
  if (text.trim() === '') return undefined;
  const [, removed, kept] = CLUSTER.exec(block) ?? [];
  return `${removed ?? kept ?? block}: ${text.trim()}`;
}

/** Whether the engine has said of a stack that it is through. */
export function isResult(line: string): boolean {
  return /(Apply|Destroy) complete!|No changes\./.test(stripVTControlCharacters(line));
}

/** Whether the engine looked for its providers in vain. */
export const isWithoutRegistry = (output: string): boolean =>
  /could not connect to registry|Failed to resolve provider packages/.test(
    stripVTControlCharacters(output).replace(/\s+/g, ' '),
  );

/**
 * The errors that the engine printed: each begins behind the name of its stack, and goes on in lines that are indented below it.
 * What a provisioner said was shown as it came, and is not told twice.
 */
export function errorLines(output: string): string[] {
  const errors: string[][] = [];
  let inError = false;
  for (const line of stripVTControlCharacters(output).split('\n')) {
    const [, title] = /^\S*\s+(Error: .*)$/.exec(line) ?? [];
    inError = title !== undefined || (inError && /^(\s|$)/.test(line));
    if (title !== undefined) errors.push([title]);
    else if (inError && line.trim() !== '') errors.at(-1)?.push(line.replace(/^ {0,5}/, ''));
  }
  return errors.filter(([title = '']) => !title.includes('local-exec provisioner error')).flat();
}
