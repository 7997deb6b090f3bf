import { ROOT } from '../../contract/identifiers';
import type { Terminal } from '../context';
import type { Answers } from './answers';
import { checkPreset } from './checks';
import { chooseRole, presetLines } from './choose';

/** What of user, role and ACL an entry manages, as `bootstrap` has it. */
export type Access = { readonly manage_access: false } | { readonly role?: string; readonly preset: string };

const NONE = 'none';

/**
 * For tokens that are there already: nobody can tell from a secret what its user may do. Left to itself nothing of that is touched.
 * Undefined where root@pam alone is concerned, which has everything.
 */
export async function chooseAccess(
  identities: readonly string[],
  answers: Answers,
  terminal: Terminal,
): Promise<Access | undefined> {
  const others = identities.filter((identity) => !identity.startsWith(`${ROOT}!`));
  if (others.length === 0) return undefined;
  if (answers.asks('preset')) {
    terminal.note(`What may ${others.join(', ')} do? A file does not tell.`);
    const none = [NONE, 'user, role and ACL stay as they are on the node'];
    for (const line of presetLines(terminal, [none])) terminal.note(line);
  }
  const check = (answer: string) => (answer === NONE ? undefined : checkPreset(answer));
  const preset = await answers.choose({ text: 'Preset', option: 'preset', fallback: NONE, check });
  if (preset === NONE) return { manage_access: false };
  const role = await chooseRole(preset, answers);
  return { ...(role !== undefined && { role }), preset };
}
