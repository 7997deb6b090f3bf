import { errorCode } from '../../../contract/error-code';
import { absolute } from '../../paths';
import { DEFAULT_SYSTEM_FOLDER, type Machine } from '../machine';
import { run } from '../run';
import { type Answer, first, isNone, parseAnswer } from './answer';
import { sshConfigRefused, sshConfigSlow } from './refusals';

/** What is settled before the config has its say: `ssh` is told of it, so that it wins, and that `Match` goes by it. */
export interface Query {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** As ProxyJump has it; `none`: straight there, without a ProxyCommand either. */
  readonly jump?: string;
  /** A jump host runs nothing, the node a command. */
  readonly role: 'jump' | 'node';
}

export type Ask = (query: Query) => Promise<Answer>;

/** OpenSSH is the one right reader of its own files. Where it is not, they are not read. */
export function askSsh(machine: Machine, seconds: number, report: (line: string) => void): Ask {
  let there = machine.ssh !== undefined;
  const without = (query: Query, reason: string) => {
    if (there) report(`ssh: ${reason}: the ssh config is not read`);
    there = false;
    return withoutSsh(query, machine);
  };
  return async (query) => {
    if (!there) return withoutSsh(query, machine);
    if (machine.ssh?.home === undefined) return without(query, 'this user has no passwd entry, and `ssh` needs one');
    try {
      return await resolve(query, machine, seconds);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      return without(query, 'there is no `ssh` on this machine');
    }
  };
}

async function resolve(query: Query, { ssh, home, project }: Machine, seconds: number): Promise<Answer> {
  const around = { environment: ssh?.environment ?? {}, seconds };
  const ask = async (...more: readonly string[]) => {
    const ended = await run('ssh', ['-G', ...more, ...wordsFor(query, ssh?.configFile)], around);
    if (ended === undefined) throw sshConfigSlow(query.host, seconds);
    if (ended.status !== 0) throw sshConfigRefused(query.host, lines(ended.stderr) || `status ${ended.status}`);
    return parseAnswer(ended.stdout);
  };
  const path = async (text: string) => {
    // Key files are shown as they are written. The control socket's path knows the same tokens, and is shown expanded.
    const plain = !/%|\$\{|^~[^/]/.test(text);
    const expanded = plain ? text : (first(await ask('-S', text), 'controlpath') ?? text);
    return absolute(expanded, { home: ssh?.home ?? home, project });
  };
  const answer = new Map(await ask());
  for (const keyword of ['identityfile', 'certificatefile']) {
    const texts = answer.get(keyword) ?? [];
    answer.set(keyword, await Promise.all(texts.filter((text) => !isNone(text)).map(path)));
  }
  return answer;
}

const lines = (text: string) =>
  text
    .split(/[\r\n]+/)
    .filter(Boolean)
    .join('; ');

function wordsFor({ host, port, user, jump, role }: Query, configFile?: string): readonly string[] {
  const option = (letter: string, value?: string | number) => (value === undefined ? [] : [letter, `${value}`]);
  return [
    ...option('-F', configFile),
    ...option('-p', port),
    ...option('-l', user),
    // `-J none` would leave a ProxyCommand of the config.
    ...(jump !== undefined && isNone(jump) ? ['-o', 'ProxyCommand=none'] : option('-J', jump)),
    ...(role === 'jump' ? ['-T', '-N', '--', host] : ['-T', '-o', 'RemoteCommand=none', '--', host, 'exec']),
  ];
}

/** What `ssh -G` would say without config files. */
function withoutSsh({ host, port, user, jump }: Query, machine: Machine): Answer {
  const pair = (folder: string, name: string) => [`${folder}/${name}`, `${folder}/${name}2`].join(' ');
  const jumps = jump === undefined || (jump !== undefined && isNone(jump)) ? [] : [`proxyjump ${jump}`];
  const keys = ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `identityfile ${machine.home}/.ssh/${name}`);
  const lines = [
    `hostname ${host.toLowerCase()}`,
    `port ${port ?? 22}`,
    `user ${user ?? machine.localUser}`,
    `userknownhostsfile ${pair(`${machine.home}/.ssh`, 'known_hosts')}`,
    `globalknownhostsfile ${pair(machine.systemFolder ?? DEFAULT_SYSTEM_FOLDER, 'ssh_known_hosts')}`,
  ];
  return parseAnswer([...lines, ...keys, ...jumps].join('\n'));
}
