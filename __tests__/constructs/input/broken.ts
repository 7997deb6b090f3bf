/** `broken.txt`: env files that are refused, each with the whole message. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BrokenFile {
  readonly title: string;
  readonly name: string;
  readonly text: string;
  readonly message: string;
}

export function readBrokenFiles(): BrokenFile[] {
  const sections = readFileSync(join(__dirname, 'broken.txt'), 'utf8').split(/^### /m).slice(1);
  return sections.map((section) => {
    const [head = '', ...rest] = section.split('\n');
    const [, title = '', name = 'lab.tfvars'] = /^(.*?)(?: \(([^)]*)\))?$/.exec(head) ?? [];
    const [text = '', message = ''] = rest.join('\n').split('--->\n');
    return { title, name, text, message: message.trimEnd() };
  });
}
