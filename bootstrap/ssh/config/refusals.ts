import { CONFIG_VARIABLE } from '../machine';
import { refusal } from '../refusal';

const UNKNOWN = 'The ssh config may name another address, key or jump host for it, so no connection was made.';

const WITHOUT = `With ${CONFIG_VARIABLE}=none no config is read, and the entry says it all.`;

export const sshConfigRefused = (host: string, problem: string) =>
  refusal(
    'SSH_CONFIG_REFUSED',
    `\`ssh\` cannot tell how to reach \`${host}\`, got: ${problem}`,
    UNKNOWN,
    `Correct the ssh config until \`ssh -G ${host}\` succeeds. ${WITHOUT}`,
  );

export const sshConfigSlow = (host: string, seconds: number) =>
  refusal(
    'SSH_CONFIG_SLOW',
    `\`ssh -G\` did not tell within ${seconds} s how to reach \`${host}\`.`,
    `It waits for the commands of \`Match exec\`, and for name servers with \`CanonicalizeHostname\`. ${UNKNOWN}`,
    `Try \`ssh -G ${host}\`, and mend what it waits for, or raise \`ssh.timeouts.connect\`.`,
  );

export const sshOptionUnsupported = (host: string, option: string, value: string) =>
  refusal(
    'SSH_OPTION_UNSUPPORTED',
    `The ssh config sets \`${option}\` for \`${host}\`, which is not supported, got: ${value}`,
    'Without it another machine could be reached, or another host key trusted.',
    `Change \`${option}\` for this host in the ssh config. ${WITHOUT}`,
  );

/** OpenSSH takes such names from its config for granted; here they become words of a shell. */
export const proxyWordUnsafe = (host: string, value: string) =>
  refusal(
    'PROXY_WORD_UNSAFE',
    `\`ProxyCommand\` of the ssh config would give \`${host}\` to a shell with this name in it, got: ${value}`,
    'A shell would act on some of its characters.',
    'Give the host or the user another name, or write it into the `ProxyCommand`.',
  );

export const proxyTokenUnknown = (host: string, token: string) =>
  refusal(
    'PROXY_TOKEN_UNKNOWN',
    `\`ProxyCommand\` of the ssh config for \`${host}\` has an unknown token, got: ${token}`,
    '`ssh` does not run it, either.',
    'Use %h, %k, %n, %p or %r, and %% for a percent sign.',
  );

export const jumpInvalid = (value: string) =>
  refusal(
    'JUMP_INVALID',
    `The jump hosts are not valid, got: ${value}`,
    'They come from `ssh.jump` in the entry, or from `ProxyJump` in the ssh config.',
    'Use [user@]host[:port], comma-separated, or "none". Put IPv6 addresses in brackets.',
  );

export const jumpLoop = (trail: readonly string[]) =>
  refusal(
    'JUMP_LOOP',
    `The jump hosts form a loop: ${trail.join(' -> ')}.`,
    'Each of them is reached through the next one.',
    'Set `ProxyJump none` for the outermost jump host in the ssh config.',
  );
