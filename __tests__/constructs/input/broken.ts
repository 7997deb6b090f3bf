/** `broken.txt`: env files that are refused, each with the whole message. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const BROKEN = join(__dirname, 'broken.txt');

export interface BrokenFile {
  /** What is wrong, and in brackets what the file is called, unless `lab.tfvars`. */
  readonly head: string;
  readonly name: string;
  readonly text: string;
}

export function readBrokenFiles(): BrokenFile[] {
  const sections = readFileSync(BROKEN, 'utf8').split(/^### /m).slice(1);
  return sections.map((section) => {
    const [head = '', ...rest] = section.split('\n');
    const name = /\(([^)]*)\)$/.exec(head)?.[1] ?? 'lab.tfvars';
    return { head, name, text: rest.join('\n').split('--->\n')[0] ?? '' };
  });
}

export const renderBrokenFile = ({ head, text }: BrokenFile, message: string): string =>
  `### ${head}\n${text}--->\n${message}\n`;
