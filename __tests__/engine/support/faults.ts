/** One cluster that a deploy reaches, and five that fail, each in its way. */
export const CLUSTERS = ['good', 'down', 'impostor', 'stranger', 'full', 'untrusted'] as const;
export type ClusterName = (typeof CLUSTERS)[number];

export interface Fault {
  readonly block: string;
  /** What is wrong with the node, to complete `a node`. */
  readonly fault: string;
  /** What happened, why, what to do. */
  readonly said: readonly RegExp[];
}

export const FAULTS: readonly Fault[] = [
  {
    block: 'null_resource.down_access',
    fault: 'that is down',
    said: [
      /`root@127\.0\.0\.1:\d+` cannot be reached: .*refused/,
      /why: 3 attempts were made; no command was sent\./,
      /fix: Check that the machine is up and sshd runs, that host and port are right/,
    ],
  },
  {
    block: 'null_resource.impostor_access',
    fault: 'that shows another host key than the pinned one',
    said: [
      /does not have the pinned host key, got: SHA256:\S{43} \(ssh-ed25519\)\./,
      /why: `ssh\.host_key` pins SHA256:\S{43}\. .* nothing was sent\./,
      /fix: Compare on the machine's console .*correct `ssh\.host_key`\./,
    ],
  },
  {
    block: 'null_resource.stranger_access',
    fault: 'that does not know our key',
    said: [
      /`root@127\.0\.0\.1:\d+` did not let us in\./,
      /why: tried: .*it takes: publickey/,
      /fix: Put your public key there \(ssh-copy-id -p \d+ root@127\.0\.0\.1\)/,
    ],
  },
  {
    block: 'null_resource.full_access',
    fault: 'whose disk is full',
    said: [
      /`pveum user add opentofu@pve` failed on the node \(exit \d+\): .*No space left on device/,
      /why: The node refused this change\./,
      /fix: Put right what the node says, then deploy again: the next run goes on from here\./,
    ],
  },
  {
    block: 'null_resource.untrusted_token',
    fault: 'with a certificate of its own and no `ca_file`',
    said: [
      /The certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE\./,
      /why: The consumer would refuse it too: the entry says `insecure = false`\./,
      /fix: Set `ca_file` to the cluster's CA/,
    ],
  },
];
