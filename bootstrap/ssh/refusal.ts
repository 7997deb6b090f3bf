import { Refusal } from '../../contract/refusal';
import { printable } from '../foreign-text';

const LONGEST = 4000;

/** A refusal of this room. Config and key files, agents and servers have their say in it, so all of it is made printable. */
export function refusal(code: string, what: string, why: string, fix: string | readonly string[], cause?: unknown) {
  const fixes = [fix].flat().map((line) => printable(line, LONGEST));
  return new Refusal(code, printable(what, LONGEST), printable(why, LONGEST), fixes.join('\n  '), { cause });
}

export const sshFileUnreadable = (path: string, code: string, cause: unknown) =>
  refusal(
    'SSH_FILE_UNREADABLE',
    `${path} exists but cannot be read (${code}).`,
    'It may hold trusted host keys or connection settings, so it is not skipped.',
    'Make it readable for the user that runs the deploy.',
    cause,
  );
