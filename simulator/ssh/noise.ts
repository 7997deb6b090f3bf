/** What startup files of a login shell do before the command that was asked for. */
export const NOISES = ['greeting', 'title', 'exit', 'chatter', 'trace', 'locale'] as const;
export type Noise = (typeof NOISES)[number];

const GREETING = 'Welcome to this node. It has 3 updates waiting.';
const TITLE = '\\033]0;root@node\\007';
const CHATTER = 'mesg: ttyname failed: Inappropriate ioctl for device';
/** No machine has it. */
const LOCALE = 'xx_XX.UTF-8';

/** In the shell's own words. */
export function startupFile(noise: Noise, shell: string): string {
  const isFish = shell.endsWith('fish');
  const texts: Record<Noise, string> = {
    greeting: `echo '${GREETING}'`,
    title: `printf '${TITLE}'`,
    exit: 'exit 0',
    chatter: `echo '${CHATTER}' >&2`,
    trace: isFish ? 'set -g fish_trace 1' : 'set -x',
    locale: isFish ? `set -gx LC_ALL ${LOCALE}` : `export LC_ALL=${LOCALE}`,
  };
  return `${texts[noise]}\n`;
}

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  /** The command never runs. */
  readonly ends: boolean;
}

/** What a client gets of it where no real shell runs: what bash does. */
export function said(noise: Noise | undefined, line: string): Said {
  const texts: Record<Noise, Partial<Said>> = {
    greeting: { stdout: `${GREETING}\n` },
    title: { stdout: '\x1b]0;root@node\x07' },
    exit: { ends: true },
    chatter: { stderr: `${CHATTER}\n` },
    trace: { stderr: `+ ${line}\n` },
    locale: {
      stderr: `bash: warning: setlocale: LC_ALL: cannot change locale (${LOCALE}): No such file or directory\n`,
    },
  };
  return { stdout: '', stderr: '', ends: false, ...(noise === undefined ? {} : texts[noise]) };
}
