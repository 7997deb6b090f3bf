import { quoted, Refusal } from '../contract/refusal';

/** Every condition that the operator can put right, a factory each; those of a room stand in its own `refusals.ts`. */

export const settingsUnreadable = (variable: string, cause: string) =>
  new Refusal(
    'SETTINGS_UNREADABLE',
    `The settings in \`${variable}\` cannot be used: ${cause}.`,
    'This program is run by the provisioners of a synthesized stack, which hand it its settings in that variable.',
    'Synthesize and deploy again with one release of the constructs and the program (`npm ci`, then `cdktf deploy`).',
  );

export const verbUnknown = (verb: string | undefined, verbs: readonly string[]) =>
  new Refusal(
    'VERB_UNKNOWN',
    `There is no verb \`${verb ?? ''}\`.`,
    'The first argument names what to do.',
    `Use one of ${quoted(verbs)}.`,
  );

export const commandFailed = (command: string, exit: number, answer: string) =>
  new Refusal(
    'COMMAND_FAILED',
    `\`${command}\` failed on the node (exit ${exit}): ${answer}`,
    'The node refused this change.',
    'Put right what the node says, then deploy again: the next run goes on from here.',
  );

export const nodeLocked = (command: string, seconds: number) =>
  new Refusal(
    'NODE_LOCKED',
    `\`${command}\` found the node's user configuration locked for more than ${seconds} s.`,
    'Another program holds the lock, or the cluster has lost its quorum, which makes /etc/pve read-only.',
    'Check `pvecm status` on the node, then deploy again; `ssh.timeouts.lock` gives it more time.',
  );

export const secretLost = (identity: string) =>
  new Refusal(
    'SECRET_LOST',
    `The node made token \`${identity}\` but its answer held no secret.`,
    '`pveum` prints the secret as JSON, once; something on the node changed its output.',
    'Deploy again: the secret is then read from the node. If that fails too, change `generation`.',
  );

export const orphaned = () =>
  new Refusal(
    'ORPHANED',
    'The engine that started this program is gone.',
    'Going on alone could undo what the next deploy does.',
    'Deploy again: the next run goes on from here.',
  );

export const handoffUnwritable = (file: string, cause: string) =>
  new Refusal(
    'HANDOFF_UNWRITABLE',
    `The hand-off file \`${file}\` cannot be written: ${cause}.`,
    'Through it the secret reaches the state; it is removed again in the same deploy.',
    'Make room, or make the folder writable, then deploy again: the secret is read from the node then.',
  );

export const handoffLeft = (folder: string, cause: string) =>
  new Refusal(
    'HANDOFF_LEFT',
    `The hand-off files in \`${folder}\` cannot be deleted: ${cause}.`,
    'They may still hold secrets, which nobody but you can read there and which the state holds by now.',
    'Make the folder writable, then deploy again, or delete it by hand.',
  );

export const apiUnreachable = (endpoint: string, cause: string) =>
  new Refusal(
    'API_UNREACHABLE',
    `${endpoint} does not answer as the API of Proxmox VE: ${cause}.`,
    'The token is verified as its consumer will use it, so `endpoint` has to be reachable from this machine.' +
      `${/:\d+$/.test(endpoint) ? '' : ' It names no port, so 443 was tried.'}`,
    'Correct `endpoint` (the API listens on port 8006), open the way to it, or set `verify = false` in `bootstrap`; then deploy again.',
    { unchanged: true },
  );

/** What Node calls a fault of a certificate, in words, and what to do. Any other: nobody signed it who is trusted. */
const CERTIFICATE_FAULTS: readonly (readonly [codes: RegExp, fault: string, fix: string])[] = [
  [
    /ALTNAME|HOSTNAME/,
    'it is for another name',
    'Write a name or address of the certificate in `endpoint`, or give the node a certificate for this one.',
  ],
  [/EXPIRED/, 'it has expired', 'Renew it on the node: `pvecm updatecerts --force` renews its own.'],
  [/NOT_YET/, 'it is not valid yet', 'Compare the clocks of the node and of this machine.'],
];

/** `shown`: what the server presented, for people; `ca`: the entry names a CA. */
export const apiUntrusted = (endpoint: string, code: string, shown: string | undefined, ca: boolean) => {
  const unsigned = ca ? 'no CA of `ca_file` signed it' : 'no CA that this machine trusts signed it';
  const signed = ca
    ? "Take `ca_file` from a node of this very cluster (/etc/pve/pve-root-ca.pem), or leave it out if the certificate is a public CA's."
    : "Set `ca_file` to the cluster's CA (/etc/pve/pve-root-ca.pem), give the node a certificate that this machine trusts, or set `insecure = true`.";
  const [, fault, fix] = CERTIFICATE_FAULTS.find(([codes]) => codes.test(code)) ?? ['', unsigned, signed];
  return new Refusal(
    'API_UNTRUSTED',
    `The certificate of ${endpoint} is not trusted: ${fault} (${code}).`,
    `${shown === undefined ? '' : `It is ${shown}. `}The consumer would refuse it too: the entry says \`insecure = false\`.`,
    fix,
    { unchanged: true },
  );
};

export const caUnreadable = (file: string, cause: string) =>
  new Refusal(
    'CA_UNREADABLE',
    `\`ca_file\` ${file} cannot be read: ${cause}.`,
    'The verification trusts these certificates.',
    "Correct the path (relative to the project's folder), then deploy again.",
    { unchanged: true },
  );

export const tokenRefused = (identity: string, status: string) =>
  new Refusal(
    'TOKEN_REFUSED',
    `The API does not accept token \`${identity}\`: ${status}.`,
    'The node made or kept this token, so either it is expired, its user is disabled, or `endpoint` is another cluster.',
    'Check `expire`, the user on the node, and that `endpoint` and `ssh.host` are the same cluster; then deploy again.',
  );

export const privilegesMissing = (identity: string, missing: readonly string[]) =>
  new Refusal(
    'PRIVILEGES_MISSING',
    `Token \`${identity}\` works but lacks ${missing.join('; ')}.`,
    'Another ACL entry of the same user, token or one of its groups on that path replaces ours there.',
    'Look at `pveum acl list` on the node, or choose other `acl` paths; then deploy again.',
  );

export const notConverging = (line: string) =>
  new Refusal(
    'NODE_CHANGES',
    `The node does not keep what was done: ${line} was due again and again.`,
    'Another program, or a run on another node of the cluster, changes the same things.',
    'Let one of them finish, then deploy again.',
  );

export const isLink = (path: string) =>
  new Refusal(
    'PATH_IS_LINK',
    `\`${path}\` is a symbolic link.`,
    'Secrets would be written, or files deleted, wherever it points.',
    'Put the file or folder itself there, then deploy again.',
    { unchanged: true },
  );

export const stateUnguarded = (file: string, cause: string) =>
  new Refusal(
    'STATE_UNGUARDED',
    `The state file \`${file}\` cannot be kept at mode 0600: ${cause}.`,
    'It holds every secret, and the engine alone would make it readable to all.',
    'Make the file, its backups and its folder yours (`chown`), or use a remote backend; then deploy again.',
    { unchanged: true },
  );

export const stateRoomless = (folder: string, free: number, needed: number) =>
  new Refusal(
    'STATE_ROOMLESS',
    `There is too little room for the state in \`${folder}\`: ${free} bytes are free, ${needed} are needed.`,
    'An engine that cannot write its state prints it, secrets included.',
    'Make room, then deploy again.',
    { unchanged: true },
  );
