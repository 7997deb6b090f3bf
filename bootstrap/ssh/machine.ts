import { homedir, userInfo } from 'node:os';

export const PASSPHRASE_VARIABLE = 'PROXMOX_SSH_PASSPHRASE';
export const PASSWORD_VARIABLE = 'PROXMOX_SSH_PASSWORD';
export const CONFIG_VARIABLE = 'PROXMOX_SSH_CONFIG';
export const DEFAULT_SYSTEM_FOLDER = '/etc/ssh';

type Environment = Readonly<Record<string, string | undefined>>;

/** The operator's machine, read once by the program's entry file. */
export interface Machine {
  /** Home folder: for the `~` of the settings, and for OpenSSH's own files where there is no `ssh` to ask. */
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
  /** By variable: PROXMOX_SSH_PASSWORD_NUC is that of entry `nuc` alone. */
  readonly passwords?: Readonly<Record<string, string | undefined>>;
  /** Whom to ask what the ssh config says. Absent: nobody, the config files are not read. */
  readonly ssh?: OpenSsh;
  /**
   * Folder of the system-wide `ssh_known_hosts` where there is no `ssh` to ask.
   * @default /etc/ssh
   */
  readonly systemFolder?: string;
}

/** The OpenSSH client of this machine. */
export interface OpenSsh {
  /** OpenSSH's `~`: the home folder in passwd, whatever HOME says. Absent: no entry there, and then `ssh` does not run. */
  readonly home?: string;
  /** For `ssh` and for the commands that the config names. Our secrets do not stand in it. */
  readonly environment: Environment;
  /** PROXMOX_SSH_CONFIG: read instead of the user's and the system's files, as `ssh -F` does; `none` for no file. */
  readonly configFile?: string;
}

/** What an entry file knows of the machine; the project's folder stands in the settings. */
export function readMachine(environment: Environment): Omit<Machine, 'project'> {
  const { [PASSPHRASE_VARIABLE]: passphrase, [PASSWORD_VARIABLE]: password, ...others } = environment;
  const isPassword = ([name]: readonly [string, unknown]) => name.startsWith(`${PASSWORD_VARIABLE}_`);
  const variables = Object.entries(others);
  const rest = Object.fromEntries(variables.filter((variable) => !isPassword(variable)));
  const account = fromPasswd(() => userInfo());
  return {
    home: environment.HOME ?? fromPasswd(() => homedir()) ?? '/',
    localUser: account?.username ?? environment.LOGNAME ?? environment.USER ?? 'unknown',
    agentSocket: environment.SSH_AUTH_SOCK || undefined,
    passphrase: passphrase || undefined,
    password: password || undefined,
    passwords: Object.fromEntries(variables.filter(isPassword)),
    ssh: { home: account?.homedir, environment: rest, configFile: environment[CONFIG_VARIABLE] || undefined },
  };
}

/** The machine as it logs in to the node of one entry. */
export function forEntry<T extends Pick<Machine, 'password' | 'passwords'>>(machine: T, cluster: string): T {
  const variable = `${PASSWORD_VARIABLE}_${cluster.toUpperCase().replaceAll('-', '_')}`;
  return { ...machine, password: machine.passwords?.[variable] || machine.password };
}

/** In a container the user may have no entry in passwd. */
function fromPasswd<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
