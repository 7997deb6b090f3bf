/** Env files that are fine one by one and get in each other's way: in one folder they are one app. */
import { findConflicts } from './conflicts';
import { type Environment, filesStack } from './entry';
import { renderPath } from './place';
import type { Problem } from './problem';

/** One env file: what it is called, and what it says. */
export interface EnvFile {
  readonly file: string;
  readonly environment: Environment;
}

export function checkNeighbours(files: readonly EnvFile[]): Problem[] {
  return [...findSharedOutputs(files), ...findSharedStacks(files), ...findSharedNames(files)];
}

function findSharedOutputs(files: readonly EnvFile[]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { file, environment } of files) {
    for (const output of environment.outputs) {
      const owner = owners.get(output.file);
      owners.set(output.file, owner ?? environment.name);
      if (owner === undefined || owner === environment.name) continue;
      problems.push({
        place: `${file}: output`,
        what: `writes ${output.file}, as ${owner} does`,
        why: 'The later deploy would overwrite the file of the earlier one.',
        fix: 'Give each environment an output file of its own.',
      });
    }
  }
  return problems;
}

/** `lab-tfvars.tfvars` beside `lab.tfvars` with `own_stack`. */
function findSharedStacks(files: readonly EnvFile[]): Problem[] {
  const apart = files.filter(({ environment }) => environment.outputs.some(({ ownStack }) => ownStack));
  return apart.flatMap(({ file, environment }) => {
    const stack = filesStack(environment.name);
    const twin = files.find((other) => other.environment.name === stack);
    if (twin === undefined) return [];
    return {
      place: `${file}: output`,
      what: `has a stack \`${stack}\` of its own, and so has ${twin.file}`,
      why: 'A stack is one state: the two would take turns in destroying what the other made.',
      fix: `Rename ${twin.file}, or leave own_stack out.`,
    };
  });
}

function findSharedNames(files: readonly EnvFile[]): Problem[] {
  const named = files.flatMap(({ file, environment: { clusters } }) =>
    clusters.map((entry) => ({ file, entry, name: `"${entry.name}" of ${file}` })),
  );
  return findConflicts(named).map(({ at, keys, what, why, fix }) => ({
    place: `${at.file}: ${renderPath(['proxmox', at.entry.name, ...keys])}`,
    what,
    why,
    fix,
  }));
}
