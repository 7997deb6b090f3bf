import type { Method } from '../stop';
import { type Answer, first, list, saysNo, saysYes } from './answer';

const METHODS: readonly Method[] = ['publickey', 'password', 'keyboard-interactive'];

/** The ways to log in that the config leaves, in its order. */
export function methodsOf(answer: Answer): readonly Method[] {
  // Who wants no questions or no password wants none sent in a dialogue either.
  const noPassword = saysYes(answer, 'batchmode') || saysNo(answer, 'passwordauthentication');
  const noDialogue =
    saysNo(answer, 'kbdinteractiveauthentication') || saysNo(answer, 'challengeresponseauthentication');
  const off: Readonly<Record<Method, boolean>> = {
    publickey: saysNo(answer, 'pubkeyauthentication'),
    password: noPassword,
    'keyboard-interactive': noPassword || noDialogue,
  };
  const preferred: readonly string[] = list(answer, 'preferredauthentications') ?? METHODS;
  return preferred.flatMap((name) => METHODS.filter((method) => method === name && !off[method]));
}

/** What the config would log in with and we cannot. */
export function unusedOf(answer: Answer): readonly string[] {
  const certificates = answer.get('certificatefile') ?? [];
  const provider = first(answer, 'pkcs11provider');
  return [
    ...certificates.map(certificateUnused),
    ...(provider === undefined ? [] : [`PKCS11Provider ${provider} is not used: add its keys to the SSH agent`]),
  ];
}

export const certificateUnused = (path: string) => `${path} is not used: user certificates are not supported`;
