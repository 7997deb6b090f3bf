/** Runs the node's own programs, and sudo before them, inside this process. */
import { cat, grep } from '../machine/file-programs';
import type { Execution, Program, Result } from '../machine/program';
import { pveum } from '../machine/pveum-program';
import type { Settings } from '../machine/settings';
import { decideSudo } from './sudo';

export const PROGRAMS: Readonly<Record<string, Program>> = { pveum, cat, grep };

type Login = Omit<Execution, 'argv'>;

/** Undefined where a program of this machine is needed. */
export async function runBuiltin(
  words: readonly string[],
  login: Login,
  settings: Settings,
): Promise<Result | undefined> {
  const [name = '', ...argv] = words;
  if (name === 'sudo') return runSudo(argv, login, settings);
  const program = name.replace(/^(?:\/usr)?\/s?bin\//, '');
  return Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program]?.({ ...login, argv }, settings) : undefined;
}

/** Root's part of it is the same again. */
function runSudo(argv: readonly string[], login: Login, settings: Settings): Promise<Result | undefined> {
  const decision = decideSudo(argv, login.user, settings.sudo);
  if ('refusal' in decision) return Promise.resolve(decision.refusal);
  return runBuiltin(decision.words, { ...login, user: 'root' }, settings);
}
