import type { Environment } from '../../engines';
import type { Machine, Ran } from '../../engines/machine';

export interface FakeMachine {
  /** Commands on PATH, by name: `{ terraform: '/bin/terraform' }`. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Environment;
  /** What a command answers, by its whole line. Anything else is refused by the fake. */
  readonly answers?: Readonly<Record<string, Partial<Ran>>>;
}

export const TERRAFORM = { commands: { terraform: '/bin/terraform' } };
export const TERRAFORM_ANSWERS = { '/bin/terraform version': { stdout: 'Terraform v1.11.4\non linux_amd64\n' } };

/** A machine of which only what is given here exists. */
export function aMachine({ commands = {}, files = {}, environment = {}, answers = {} }: FakeMachine): Machine {
  return {
    environment,
    home: '/home/me',
    platform: 'linux_amd64',
    which: async (command) => commands[command],
    read: async (file) => files[file],
    list: async (folder) =>
      Object.keys(files)
        .filter((file) => file.startsWith(`${folder}/`))
        .map((file) => file.slice(folder.length + 1)),
    run: async (command, args) => {
      const answer = answers[[command, ...args].join(' ')];
      if (answer === undefined) throw new Error(`the fake machine does not know: ${[command, ...args].join(' ')}`);
      return { code: 0, stdout: '', stderr: '', ...answer };
    },
  };
}
