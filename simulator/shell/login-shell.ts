/** What a real sshd runs for each command on a node: a login shell with its startup file, in the node's home folder. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Noise, startupFile } from '../ssh/noise';
import { binFolder, quote } from './shims';

export const SHELLS = ['bash', 'sh', 'dash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const pathOf = (shell: Shell): string => [`/bin/${shell}`, `/usr/bin/${shell}`].find(isProgram) ?? `/bin/${shell}`;

export const hasShell = (shell: Shell): boolean => isProgram(pathOf(shell));

/** What a shell reads before a command. sh and dash read nothing: there an administrator's own forced command may print. */
const STARTUP_FILES: Record<Shell, string> = {
  bash: '.bashrc',
  sh: 'startup',
  dash: 'startup',
  zsh: '.zshenv',
  fish: '.config/fish/config.fish',
};

export interface LoginShell {
  readonly root: string;
  readonly shell: Shell;
  readonly noise?: Noise;
  /** Who the login is on the node. */
  readonly as: string;
}

/** Makes the home folder below that one, and the program that sshd is to run. */
export function makeLoginShell(folder: string, { root, shell, noise, as }: LoginShell): string {
  const home = join(folder, 'home');
  const startup = join(home, STARTUP_FILES[shell]);
  mkdirSync(dirname(startup), { recursive: true });
  writeFileSync(startup, noise ? startupFile(noise, shell) : '');
  const lines = [
    '#!/bin/sh',
    // bash reads its file only if it believes that sshd started it.
    'unset SHLVL ENV BASH_ENV ZDOTDIR XDG_CONFIG_HOME',
    `export SIMULATOR_ROOT=${quote(root)} SIMULATOR_USER=${quote(as)} HOME=${quote(home)} USER=${quote(as)} LOGNAME=${quote(as)}`,
    `export PATH=${quote(binFolder(root))}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    `export SHELL=${pathOf(shell)} LANG="\${LANG:-C.UTF-8}"`,
    'cd "$HOME" || exit 1',
    '[ -n "$SSH_ORIGINAL_COMMAND" ] || { echo "This node runs commands only." >&2; exit 1; }',
    // Nodes on one machine share no locks. A relative path needs no quotes, whatever the folder's name.
    `command=$(printf '%s\\n' "$SSH_ORIGINAL_COMMAND" | sed 's#/run/lock/#${relative(home, root)}/run/lock/#g')`,
    ...(startup === join(home, 'startup') ? ['. ./startup'] : []),
    'exec "$SHELL" -c "$command"',
  ];
  const program = join(folder, 'run');
  writeFileSync(program, `${lines.join('\n')}\n`, { mode: 0o755 });
  return program;
}
