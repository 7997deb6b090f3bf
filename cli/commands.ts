import type { Command } from './command';
import { COMPLETION } from './commands/completion';
import { DEPLOY } from './commands/deploy';
import { DOCTOR } from './commands/doctor';
import { INIT } from './commands/init';
import { PLAN } from './commands/plan';
import { PRIVILEGES } from './commands/privileges';
import { REPAIR } from './commands/repair';
import { ROTATE } from './commands/rotate';
import { STATUS } from './commands/status';

export const COMMANDS: readonly Command[] = [
  INIT,
  DOCTOR,
  STATUS,
  PLAN,
  DEPLOY,
  ROTATE,
  REPAIR,
  PRIVILEGES,
  COMPLETION,
];
