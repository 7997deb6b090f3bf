import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/commands';
import { hasShell, type Shell } from '../../simulator/openssh';
import { Desk } from './support';

/** What a shell offers at the end of a command line. */
type Offers = (script: string, words: readonly string[]) => string;

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const OFFERS: Record<'bash' | 'zsh' | 'fish', Offers> = {
  bash: (script, words) =>
    [
      script,
      `COMP_WORDS=(proxmox-tokens ${words.map(quote).join(' ')})`,
      `COMP_CWORD=${words.length}`,
      '_proxmox_tokens',
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n'),
  // Without its line editor zsh has none of the functions that offer: these print what they are given.
  zsh: (script, words) =>
    [
      'compdef() { : }',
      'compadd() { shift; print -l -- "$@" }',
      '_describe() { print -l -- "${(@P)2%%:*}" }',
      '_files() { print -l -- *(N) }',
      script,
      `words=(proxmox-tokens ${words.map(quote).join(' ')})`,
      `CURRENT=${words.length + 1}`,
      '_proxmox_tokens',
    ].join('\n'),
  fish: (script, words) => [script, `complete -C ${quote(`proxmox-tokens ${words.join(' ')}`)}`].join('\n'),
};

const shells = (['bash', 'zsh', 'fish'] as const).filter((shell: Shell) => hasShell(shell));

describe.each(shells)('in %s', (shell) => {
  const offered = async (...words: string[]) => {
    const desk = new Desk();
    desk.writeText('env/lab.tfvars', '');
    desk.writeText('env/night.tfvars.json', '');
    desk.writeText('terraform.tfvars', '');
    const { stdout: script, exit } = await desk.run(['completion', shell]);
    expect(exit).toBe(0);
    const text = OFFERS[shell](script, words);
    const args = shell === 'fish' ? ['--no-config', '-c', text] : [shell === 'bash' ? '--norc' : '-f', '-c', text];
    const output = execFileSync(shell, args, { cwd: desk.folder, encoding: 'utf8' });
    // fish tells what each is for behind a tab.
    const lines = output.split('\n').map((line) => line.split('\t')[0] ?? '');
    return lines.filter((line) => line !== '' && line.startsWith(words.at(-1) ?? '')).sort();
  };

  test('the first word is a command', async () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(await offered('')).toEqual(expect.arrayContaining(names));
    expect(await offered('comp')).toEqual(['completion']);
  });

  test('ENV is the name of an env file that is there', async () => {
    expect(await offered('plan', '')).toEqual(['lab', 'night']);
    expect(await offered('deploy', 'n')).toEqual(['night']);
  });

  test('a preset is one of the table', async () => {
    expect(await offered('privileges', 'tofu')).toEqual(['tofu-minimal']);
    expect(await offered('privileges', 'csi', '--diff', 'open')).toEqual(['opentofu']);
  });

  test('an option is offered after a dash, and its values after it', async () => {
    expect(await offered('privileges', '--')).toEqual(['--diff', '--help', '--json', '--release', '--task'].sort());
    expect(await offered('privileges', '--release', '')).toEqual(['7', '8', '9']);
  });
});

test('no script holds a hole', async () => {
  for (const shell of ['bash', 'zsh', 'fish'])
    expect((await new Desk().run(['completion', shell])).stdout).not.toContain('undefined');
});

test('another shell is wrong use', async () => {
  const { exit, stderr } = await new Desk().run(['completion', 'tcsh']);
  expect(exit).toBe(2);
  expect(stderr).toContain('There is no completion for `tcsh`: bash, zsh or fish.');
});
