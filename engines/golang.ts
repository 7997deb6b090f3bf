import type { Machine, Ran } from './machine';

export interface GoBuild {
  /** Absolute path of the `go` command. */
  readonly go: string;
  /** Folder of the module. */
  readonly module: string;
  readonly args: readonly string[];
  /** Time limit, in whole seconds. */
  readonly seconds: number;
}

/** `go build`, apart from the user's workspace, and at a low priority: a build takes all cores for a while. */
export async function goBuild(machine: Machine, { go, module, args, seconds }: GoBuild): Promise<Ran> {
  const nice = await machine.which('nice');
  const command = [...(nice === undefined ? [] : [nice]), go, 'build', '-trimpath', ...args];
  const [program = go, ...rest] = command;
  const env = { CGO_ENABLED: '0', GOWORK: 'off' };
  return machine.run(program, rest, { cwd: module, env, seconds });
}
