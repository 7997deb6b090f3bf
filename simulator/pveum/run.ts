/** pveum as a function: from arguments and files to exit code, output and files to write. */
import type { Command } from './command';
import { Failure, failed } from './failure';
import { printPermissions, printResult } from './output';
import { readArguments, verifyParams } from './params';
import { resolve } from './resolve';
import { type Call, type Outcome, Session } from './session';
import { treeOf } from './tree';
import { complaint, shortUsage } from './usage';

function execute(session: Session, command: Command, args: readonly string[]): void {
  const { params, output, rest } = readArguments(session, command, args);
  verifyParams(session, command, params);
  const result = command.run(session, params, rest);
  if (command.output === 'permissions') printPermissions(session, result as never, output);
  else if (command.output) printResult(session, result, command.returns ?? { type: 'null' }, output);
}

/** Wrong parameters are answered with the usage of the command. */
function withUsage(error: unknown, command: Command, words: string): unknown {
  if (!(error instanceof Failure) || !error.isParameter) return error;
  return new Failure(error.text + shortUsage(words, command), error.exit);
}

function dispatch(session: Session): void {
  const { argv, isRoot, release } = session.call;
  const root = treeOf(release);
  if (argv.length === 0) throw new Failure(complaint('no command specified', root, 'pveum', '\n'));
  if (argv[0] === 'verifyapi') return;
  // Reads the configuration, warnings and all, before anything is known of the command.
  void session.config;
  if (!isRoot) throw failed('please run as root');
  if (argv[0] === 'bashcomplete') return;
  const { node, words, args } = resolve(root, argv);
  if (!node) throw new Failure(complaint(`unknown command '${words}'`, root, 'pveum', '\n'));
  if (node.kind === 'branch') throw new Failure(complaint(`incomplete command '${words}'`, node, words, ''));
  try {
    execute(session, node, args);
  } catch (error) {
    throw withUsage(error, node, words);
  }
}

export function runPveum(call: Call): Outcome {
  const session = new Session(call);
  try {
    dispatch(session);
    return session.outcome(0);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    session.complain(error.text);
    return session.outcome(error.exit);
  }
}
