import { lstat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { wouldBeCommitted } from '../../constructs/git';
import { type Environment, filesStack } from '../../constructs/input/entry';
import type { Context } from '../context';
import { locateState } from '../state';
import type { Check } from './check';
import type { Found } from './finding';

/** One env file, and the folder that its files stand in. */
export interface EnvironmentSubject {
  readonly environment: Environment;
  readonly context: Context;
}

export const ENVIRONMENT_CHECKS: readonly Check<EnvironmentSubject>[] = [
  { name: 'state-file', about: 'nobody else can read a local state, which holds every secret', find: findOpenStates },
  { name: 'outputs', about: 'git ignores the files that will hold secrets', find: findCommitted },
];

/** Of the stacks that keep their state in a local file. */
async function stateFiles({ environment, context }: EnvironmentSubject): Promise<string[]> {
  const { name, outputs } = environment;
  const stacks = [name, ...(outputs.some(({ ownStack }) => ownStack) ? [filesStack(name)] : [])];
  const places = await Promise.all(stacks.map((stack) => locateState(context.folder, stack)));
  return places.flatMap((place) => ('file' in place ? [place.file] : []));
}

async function findOpenStates(subject: EnvironmentSubject): Promise<readonly Found[]> {
  const files = await stateFiles(subject);
  const all = files.flatMap((file) => [file, `${file}.backup`]);
  return (await Promise.all(all.map((file) => findOpenState(subject.context.folder, file)))).flat();
}

async function findOpenState(folder: string, file: string): Promise<readonly Found[]> {
  const stats = await lstat(join(folder, file)).catch(() => undefined);
  if (stats === undefined) return [];
  if (stats.isSymbolicLink())
    return [
      {
        tier: 'error',
        what: `${file} is a symbolic link.`,
        why: 'Secrets would be written wherever it points, so a deploy refuses it.',
        fix: 'Put the file itself there.',
      },
    ];
  if ((stats.mode & 0o077) === 0) return [];
  return [
    {
      tier: 'warning',
      what: `Others on this machine can read ${file}, mode ${(stats.mode & 0o777).toString(8).padStart(4, '0')}.`,
      why: 'It holds every secret. The next deploy closes it, and whoever read it before then has them.',
      fix: 'Close it now.',
      command: `chmod 600 ${file}`,
    },
  ];
}

async function findCommitted(subject: EnvironmentSubject): Promise<readonly Found[]> {
  const { environment, context } = subject;
  const files = [...environment.outputs.map(({ file }) => file), ...(await stateFiles(subject))];
  return files
    .filter((file) => wouldBeCommitted(join(context.folder, file)))
    .map((file) => ({
      tier: 'warning',
      what: `git does not ignore ${file}.`,
      why: 'It holds secrets, or will: one `git add` and they are in the history.',
      fix: 'Add it to a .gitignore before the first deploy.',
      command: ignoreCommand(file),
    }));
}

/** A file outside of the project belongs to another repository. */
function ignoreCommand(file: string): string {
  if (!file.startsWith('..')) return `echo '/${file}' >> .gitignore`;
  return `echo '/${posix.basename(file)}' >> ${posix.dirname(file)}/.gitignore`;
}
