/** pveum as a function: from arguments and files to exit code, output and files to write. */
import { type Commands, usage } from './command';
import { aclCommands } from './commands/acl';
import { tokenPermissions, userPermissions } from './commands/permissions';
import { roleCommands } from './commands/roles';
import { tokenCommands } from './commands/tokens';
import { userCommands } from './commands/users';
import { Failure, failed } from './failure';
import { readArguments } from './params';
import type { Traits } from './releases';
import { type Call, type Outcome, Session } from './session';

/** By the words of their names. */
const commandsOf = (traits: Traits): Commands => ({
  ...userCommands(traits),
  ...tokenCommands(traits),
  ...roleCommands,
  ...aclCommands,
  'user permissions': userPermissions,
  'user token permissions': tokenPermissions,
});

function dispatch(session: Session): void {
  const { argv, isRoot } = session.call;
  // Reads the configuration, warnings and all, before anything is known of the command.
  void session.config;
  if (!isRoot) throw failed('please run as root');
  const commands = commandsOf(session.traits);
  const words = [2, 3].map((count) => argv.slice(0, count).join(' ')).find((name) => Object.hasOwn(commands, name));
  const command = words === undefined ? undefined : commands[words];
  if (words === undefined || command === undefined) {
    const name = ['pveum', ...argv.slice(0, argv[1] === 'token' ? 3 : 2)].join(' ');
    throw failed(`ERROR: unknown command '${name}'\nUSAGE: pveum <COMMAND> [ARGS] [OPTIONS]`);
  }
  try {
    const { params, output } = readArguments(session, command, argv.slice(words.split(' ').length));
    session.print(command.run(session, params), output);
  } catch (error) {
    // Wrong parameters are answered with the usage of the command.
    if (!(error instanceof Failure) || !error.isParameter) throw error;
    throw new Failure(error.text + usage(words, command), error.exit);
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
