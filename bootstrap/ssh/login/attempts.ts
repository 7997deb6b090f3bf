import type { AnyAuthMethod, AuthenticationType, Prompt } from 'ssh2';

import { printable } from '../../foreign-text';
import type { Machine } from '../machine';
import { fingerprint, publicKey, rsaBits, signatures } from '../public-key';
import type { Method, Stop } from '../stop';
import type { Identities, LoadedKey } from './identities';

/** One way to log in. */
export interface Attempt {
  /** The server's name for this kind. */
  readonly kind: Method;
  /** For messages: never a secret. */
  readonly label: string;
  readonly method: AnyAuthMethod;
}

/** Every way there is, in the order to try them: agent, key files, password, or the config's; the settings' own key goes alone. */
export function planAttempts(stop: Stop, identities: Identities, { password }: Machine): readonly Attempt[] {
  const all = [
    ...keyAttempts(stop, identities),
    ...(password === undefined ? [] : passwordAttempts(stop.user, password)),
  ];
  return stop.methods.flatMap((method) => all.filter(({ kind }) => kind === method));
}

function keyAttempts(stop: Stop, { files, agentKeys }: Identities): readonly Attempt[] {
  const listed = (blob: Buffer) => files.some(({ file }) => 'blob' in file && file.blob?.equals(blob));
  const fromAgent = agentKeys.filter(({ blob }) => mayLogIn(stop, blob) && (!stop.identitiesOnly || listed(blob)));
  // The agent's keys that stand in the configuration go first: a server gives up after a few (MaxAuthTries).
  const sorted = [...fromAgent].sort((a, b) => Number(listed(b.blob)) - Number(listed(a.blob)));
  const opened = files.flatMap((file) => keyAttempt(stop, file));
  const unopened = sorted.filter((key) => !opened.some(({ blob }) => blob.equals(key.blob)));
  const agents = unopened.map(({ blob, comment, agent }): Attempt => {
    const label = `agent key ${fingerprint(blob)}${comment === '' ? '' : ` (${printable(comment, 60)})`}`;
    return { kind: 'publickey', label, method: { type: 'agent', username: stop.user, agent } };
  });
  const keys = opened.map(({ attempt }) => attempt);
  const explicit = stop.identityFiles.some((file) => file.explicit);
  return explicit ? [...keys, ...agents] : [...agents, ...keys];
}

/** Whether the config lets a key like this log in. */
function mayLogIn({ rsaBits: least, algorithms: { publicKey: names } }: Stop, blob: Buffer): boolean {
  const signs = signatures(publicKey(blob).type);
  return rsaBits(blob) >= least && (names === undefined || names.some((name) => signs.includes(name)));
}

function keyAttempt(stop: Stop, { path, file }: LoadedKey) {
  if (file.kind !== 'unlocked' || !mayLogIn(stop, file.blob)) return [];
  const { key, blob } = file;
  const { user: username } = stop;
  const label = `key ${path} (${fingerprint(blob)})`;
  const attempt: Attempt = { kind: 'publickey', label, method: { type: 'publickey', username, key } };
  return [{ attempt, blob }];
}

function passwordAttempts(username: string, password: string): readonly Attempt[] {
  return [
    { kind: 'password', label: 'password', method: { type: 'password', username, password } },
    {
      kind: 'keyboard-interactive',
      label: 'password (keyboard-interactive)',
      method: { type: 'keyboard-interactive', username, prompt: answerOnce(password) },
    },
  ];
}

type Finish = (answers: string[]) => void;

/** A second round is a second factor or a refusal: the password is not the answer to either. */
function answerOnce(password: string) {
  let asked = false;
  return (_name: string, _instructions: string, _language: string, prompts: Prompt[], finish: Finish) => {
    const answer = asked ? '' : password;
    asked = true;
    finish(prompts.map((prompt) => (prompt.echo ? '' : answer)));
  };
}

/** Hands out attempts as the server allows them, and remembers what was tried. */
export class Attempts {
  private readonly left: Attempt[];
  readonly tried: string[] = [];
  /** What the server takes, once it has said so. */
  accepted: readonly string[] = [];

  constructor(attempts: readonly Attempt[]) {
    this.left = [...attempts];
  }

  next(accepted: readonly AuthenticationType[]): AnyAuthMethod | undefined {
    this.accepted = accepted;
    const index = this.left.findIndex(({ kind }) => accepted.includes(kind));
    const [attempt] = index < 0 ? [] : this.left.splice(index, 1);
    if (attempt !== undefined) this.tried.push(attempt.label);
    return attempt?.method;
  }
}
