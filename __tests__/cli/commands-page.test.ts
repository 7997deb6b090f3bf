import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGiven } from '../../cli/command';
import { COMMANDS } from '../../cli/commands';
import { renderCommandHelp } from '../../cli/help';
import { pages } from '../pages';

test('the document shows the help of every command (`npx vitest run __tests__/cli --update` writes it)', async () => {
  const file = join(__dirname, '../../docs/commands.md');
  const sections = COMMANDS.map((command) => {
    // Said once, above.
    const help = renderCommandHelp(command).replace(/\n\nExit codes:.*$/s, '');
    return `## ${command.name}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
  });
  const [head] = readFileSync(file, 'utf8').split(/^## /m);
  await expect(`${head}${sections.join('\n')}`).toMatchFileSnapshot(file);
});

const LINE = /npx proxmox-tokens ((?:[^\n`#|);]|\\`)+)/g;

test.each(pages)('the command takes every line that %s has of it', (page) => {
  for (const [, line = ''] of readFileSync(page, 'utf8').matchAll(LINE)) {
    const [name = '', ...rest] = line.trim().replace(/,$/, '').split(/\s+/);
    const words = rest.filter((word) => word !== '--help');
    const command = COMMANDS.find((one) => one.name === name);
    if (name === 'COMMAND' || name === '--help') continue;
    expect(command?.name, line).toBe(name);
    if (command !== undefined && words.length === rest.length) readGiven(command, words);
  }
});
