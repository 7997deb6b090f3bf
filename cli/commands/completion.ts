import type { Command, Given } from '../command';
import type { Context } from '../context';
import { WELL, WrongUse } from '../exit';

export const COMPLETION: Command = {
  name: 'completion',
  usage: 'bash|zsh|fish',
  summary: 'Print the completion script of a shell.',
  details:
    'bash: source <(proxmox-tokens completion bash), in ~/.bashrc\n' +
    'zsh:  source <(proxmox-tokens completion zsh), in ~/.zshrc after compinit\n' +
    'fish: proxmox-tokens completion fish > ~/.config/fish/completions/proxmox-tokens.fish',
  options: {},
  examples: ['completion bash', 'completion zsh', 'completion fish'],
  words: { least: 1, most: 1 },
  run,
};

async function run({ words: [shell = ''] }: Given, { terminal }: Context): Promise<number> {
  const { COMMANDS } = await import('../commands.js');
  const { specOf } = await import('../completion/spec.js');
  const commands = COMMANDS.map(specOf);
  if (shell === 'bash') terminal.print((await import('../completion/bash.js')).renderBash(commands));
  else if (shell === 'zsh') terminal.print((await import('../completion/zsh.js')).renderZsh(commands));
  else if (shell === 'fish') terminal.print((await import('../completion/fish.js')).renderFish(commands));
  else throw new WrongUse(`There is no completion for \`${shell}\`: bash, zsh or fish.`);
  return WELL;
}
