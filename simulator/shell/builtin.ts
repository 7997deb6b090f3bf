/** Runs a simple command inside this process, where the node's own programs suffice. */
import { type Execution, type Result, result } from '../machine/program';
import { programNamed } from '../machine/programs';
import type { Settings } from '../machine/settings';
import { decideSudo } from './sudo';

type Environment = Execution['env'];

export interface Request {
  readonly root: string;
  readonly user: string;
  readonly env: Environment;
  readonly readInput: Execution['readInput'];
}

function identity(argv: readonly string[], user: string): Result | undefined {
  if (argv.length !== 1) return undefined;
  if (argv[0] === '-u') return result(0, user === 'root' ? '0\n' : '1000\n');
  return argv[0] === '-un' ? result(0, `${user}\n`) : undefined;
}

/** `env` with nothing but assignments before the command. */
function splitEnv(words: readonly string[]): { env: Record<string, string>; words: readonly string[] } {
  const env: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) return { env, words: words.slice(index) };
    env[name] = value;
  }
  return { env, words: [] };
}

/** Undefined where a real shell is needed. */
export async function runBuiltin(
  words: readonly string[],
  request: Request,
  settings: Settings,
): Promise<Result | undefined> {
  const [name = '', ...argv] = words;
  const program = programNamed(name);
  // Options of cat are rare enough to leave them to the real one.
  if (name === 'cat' && argv.some((arg) => /^-./.test(arg) && arg !== '--')) return undefined;
  if (program) return program({ ...request, argv }, settings);
  if (name === 'true') return result(0);
  if (name === 'false') return result(1);
  if (name === 'id') return identity(argv, request.user);
  if (name === 'echo' && !argv[0]?.startsWith('-')) return result(0, `${argv.join(' ')}\n`);
  if (name === 'env') {
    const { env, words: inner } = splitEnv(argv);
    if (inner.length === 0 || inner[0]?.startsWith('-')) return undefined;
    return runBuiltin(inner, { ...request, env: { ...request.env, ...env } }, settings);
  }
  return name === 'sudo' ? runSudo(argv, request, settings) : undefined;
}

async function runSudo(argv: readonly string[], request: Request, settings: Settings): Promise<Result | undefined> {
  const decision = decideSudo(argv, request.user, settings.sudo);
  if (decision.kind === 'unknown') return undefined;
  if (decision.kind === 'refuse') return result(1, '', decision.stderr);
  const env = { ...request.env, ...decision.env };
  return runBuiltin(decision.words, { ...request, user: 'root', env }, settings);
}
