import { Refusal } from '../../contract/refusal';
import { printable } from '../foreign-text';

export const roleMissing = (role: string) =>
  new Refusal(
    'ROLE_MISSING',
    `The node has no built-in role \`${role}\`.`,
    'Roles that Proxmox VE makes itself cannot be added.',
    'Choose a role of this release (`pveum role list`), or a role name of your own with `privileges`.',
    { unchanged: true },
  );

export const nodeUnreadable = (answer: string) =>
  new Refusal(
    'NODE_UNREADABLE',
    `The node's users and roles cannot be read: ${answer}.`,
    'What is there has to be known first.',
    'Connect as root, or let the SSH user run `pveum` through `sudo -n` without a password (docs/on-the-node.md has the lines for sudoers).',
    { unchanged: true },
  );

export const nodeBusy = (file: string, seconds: number) =>
  new Refusal(
    'NODE_BUSY',
    `Another run has been working on the node for more than ${seconds} s.`,
    `One run at a time changes users there. It holds the lock \`${file}\` on the node until its connection ends.`,
    `Deploy again when it is done. \`fuser -v ${file}\` on the node shows who holds the lock; \`ssh.timeouts.lock\` gives it more time.`,
    { unchanged: true },
  );

export const nodeUnlockable = (file: string, reason: string) =>
  new Refusal(
    'NODE_UNLOCKABLE',
    `The lock \`${file}\` on the node cannot be opened: ${printable(reason, 200)}.`,
    'One run at a time changes users there, so the lock comes before everything else.',
    `Make it as root on the node: \`install -m 0666 /dev/null ${file}\`.`,
    { unchanged: true },
  );

export const nodeSilent = (place: string, exit: number, stderr: string, noise: string) => {
  const said = printable((stderr.trim() || noise.trim()).split('\n').at(-1) ?? '', 200);
  return new Refusal(
    'NODE_SILENT',
    `${place} ended the session (exit ${exit}) before our program on it was ready.`,
    said === ''
      ? 'It said nothing. A startup file of the login shell that calls `exit` does this.'
      : `Its last words: ${said}`,
    exit === 127
      ? 'Is that a Proxmox VE node? Every one has `perl`, which this needs.'
      : 'Try `ssh` to it with the command `true`. Look at the startup files of the login shell (~/.bashrc, ~/.zshenv, config.fish).',
    { unchanged: true },
  );
};

export const outputDisturbed = (place: string) =>
  new Refusal(
    'OUTPUT_DISTURBED',
    `On ${place} another program wrote into the answer of a command.`,
    'A startup file of the login shell leaves a program running in the background that writes to the same output.',
    'Take it out of the startup file (~/.bashrc, ~/.zshenv, config.fish), then deploy again.',
  );
