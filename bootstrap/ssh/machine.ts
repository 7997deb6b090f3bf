/** The operator's machine, read once by the program's entry file. */
export interface Machine {
  /** Home folder: for `~` and `~/.ssh`. */
  readonly home: string;
  /** Absolute folder that relative paths start from. */
  readonly project: string;
  readonly localUser: string;
  /** SSH_AUTH_SOCK */
  readonly agentSocket?: string;
  /** PROXMOX_SSH_PASSPHRASE: opens encrypted key files. */
  readonly passphrase?: string;
  /** PROXMOX_SSH_PASSWORD: the user's password on the node; never sent to a jump host. */
  readonly password?: string;
  /**
   * Folder of the system-wide `ssh_config` and `ssh_known_hosts`.
   * @default /etc/ssh
   */
  readonly systemFolder?: string;
}

export const DEFAULT_SYSTEM_FOLDER = '/etc/ssh';
export const PASSPHRASE_VARIABLE = 'PROXMOX_SSH_PASSPHRASE';
export const PASSWORD_VARIABLE = 'PROXMOX_SSH_PASSWORD';
