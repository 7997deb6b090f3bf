import { Refusal } from '../contract/refusal';
import { readGiven } from './command';
import { COMMANDS } from './commands';
import type { Context } from './context';
import { FAILED, INTERRUPTED, USAGE, WELL, WrongUse } from './exit';
import { PROGRAM, renderCommandHelp, renderHelp } from './help';

/** Runs one command line. Returns the exit code. Throws what is a defect of ours. */
export async function runCli(argv: readonly string[], context: Context): Promise<number> {
  const { terminal, signal } = context;
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.print(renderHelp(COMMANDS));
    return name === undefined ? USAGE : WELL;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if (command === undefined) throw new WrongUse(`There is no command \`${name}\`.`);
    const help = rest.findIndex((word) => word === '--help' || word === '-h');
    if (help >= 0 && !rest.slice(0, help).includes('--')) {
      terminal.print(renderCommandHelp(command));
      return WELL;
    }
    return await command.run(readGiven(command, rest), context);
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    if (error instanceof WrongUse) {
      terminal.note(`${error.message}\nSee: ${PROGRAM} ${command === undefined ? '' : `${command.name} `}--help`);
      return USAGE;
    }
    if (!(error instanceof Refusal)) throw error;
    terminal.note(error.message);
    return FAILED;
  }
}
