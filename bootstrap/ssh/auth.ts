import type { AnyAuthMethod, AuthenticationType, Prompt } from 'ssh2';

import type { Identities, LoadedKey } from './identities';
import { fingerprint } from './known-hosts';
import type { Machine } from './machine';
import { printable } from './printable';
import type { Stop } from './route';

/** One way to log in. */
export interface Attempt {
  /** The server's name for this kind. */
  readonly kind: 'publickey' | 'password' | 'keyboard-interactive';
  /** For messages: never a secret. */
  readonly label: string;
  readonly method: AnyAuthMethod;
}

/** Every way there is, in the order to try them: agent, key files, password; the settings' own key goes alone. */
export function planAttempts(stop: Stop, identities: Identities, machine: Machine): readonly Attempt[] {
  const { files, agentKeys } = identities;
  const listed = (blob: Buffer) => files.some(({ file }) => 'blob' in file && file.blob?.equals(blob));
  const fromAgent = agentKeys.filter((key) => !stop.identitiesOnly || listed(key.blob));
  // The agent's keys that stand in the configuration go first: a server gives up after a few (MaxAuthTries).
  const sorted = [...fromAgent].sort((a, b) => Number(listed(b.blob)) - Number(listed(a.blob)));
  const opened = files.flatMap((file) => keyAttempt(stop.user, file));
  const unopened = sorted.filter((key) => !opened.some(({ blob }) => blob.equals(key.blob)));
  const agents = unopened.map(({ blob, comment, agent }): Attempt => {
    const label = `agent key ${fingerprint(blob)}${comment === '' ? '' : ` (${printable(comment, 60)})`}`;
    return { kind: 'publickey', label, method: { type: 'agent', username: stop.user, agent } };
  });
  const keys = opened.map(({ attempt }) => attempt);
  const explicit = stop.identityFiles.some(({ origin }) => origin === 'settings');
  return [...(explicit ? [...keys, ...agents] : [...agents, ...keys]), ...passwordAttempts(stop, machine)];
}

function keyAttempt(username: string, { path, file }: LoadedKey) {
  if (file.kind !== 'unlocked') return [];
  const { key, blob } = file;
  const label = `key ${path} (${fingerprint(blob)})`;
  const attempt: Attempt = { kind: 'publickey', label, method: { type: 'publickey', username, key } };
  return [{ attempt, blob }];
}

function passwordAttempts({ role, user: username }: Stop, { password }: Machine): readonly Attempt[] {
  // It is the node's password: a jump host has no business with it.
  if (password === undefined || role !== 'node') return [];
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
