import { PASSPHRASE_VARIABLE, PASSWORD_VARIABLE } from '../../bootstrap/ssh';
import { Refusal } from '../../contract/refusal';
import type { Context } from '../context';

const TRIES = 3;

export interface LoggedIn<T> {
  readonly value: T;
  /** What a person typed to get in: the variable that a deploy takes it from. */
  readonly typed?: string;
}

/**
 * Does something that logs in. Where that takes a passphrase or a password, a person is asked for it, hidden; it is kept for this run
 * alone.
 */
export async function loggingIn<T>(
  context: Context,
  user: string,
  act: (context: Context) => Promise<T>,
): Promise<LoggedIn<T>> {
  let [machine, typed]: [Context['machine'], string | undefined] = [context.machine, undefined];
  for (let attempt = 0; ; attempt += 1) {
    try {
      return { value: await act({ ...context, machine }), ...(typed && { typed }) };
    } catch (error) {
      const wanted = error instanceof Refusal && attempt < TRIES ? wantedBy(error) : undefined;
      if (typed !== undefined && wanted === typed) context.terminal.note('That was not accepted.');
      const answer: Answer | undefined = wanted === undefined ? undefined : await askFor(wanted, user, context);
      if (answer === undefined) throw inOptions(error);
      typed = answer.variable;
      machine = { ...machine, ...answer.secret };
    }
  }
}

/** The variable that the refusal of a login asks for. */
function wantedBy({ code, fix }: Refusal): string | undefined {
  if (code !== 'AUTH_FAILED' && code !== 'PASSPHRASE_WRONG') return undefined;
  return [PASSPHRASE_VARIABLE, PASSWORD_VARIABLE].find((variable) => fix.includes(variable));
}

interface Answer {
  readonly variable: string;
  readonly secret: Partial<Context['machine']>;
}

async function askFor(variable: string, user: string, { terminal: { ask } }: Context): Promise<Answer | undefined> {
  if (ask === undefined) return undefined;
  if (variable === PASSPHRASE_VARIABLE) {
    const passphrase = await ask('Passphrase of your SSH key (empty: log in by password):', true);
    if (passphrase !== '') return { variable, secret: { passphrase } };
  }
  const password = await ask(`Password of ${user} on the node, for this run alone:`, true);
  return password === '' ? undefined : { variable: PASSWORD_VARIABLE, secret: { password } };
}

/** A key that is to stand in the entry is an option here: there is no entry yet. */
function inOptions(error: unknown): unknown {
  if (!(error instanceof Refusal) || !error.fix.includes('`ssh.identity_file`')) return error;
  const { code, what, why, fix } = error;
  return new Refusal(code, what, why, `${fix} Here that is \`--identity-file FILE\`.`, { cause: error });
}
