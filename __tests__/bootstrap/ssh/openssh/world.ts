/** Three real servers, a config file, and two clients that it is given to: `ssh` and ours. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';

import { connect, type Machine } from '../../../../bootstrap/ssh';
import { Refusal } from '../../../../contract/refusal';
import type { SshSettings } from '../../../../contract/settings';
import { generate, type RealServer, startAgent, startServer } from './servers';

/** What a config file is tried with. */
export interface Trial {
  /** In which `NODE`, `KEY1` and the like stand for what the world has. */
  readonly config: string;
  /** What `ssh` gets as words of its command line. */
  readonly settings?: {
    readonly host?: string;
    readonly port?: string;
    readonly user?: string;
    readonly jump?: string;
  };
  /** Further files, in the world's folder, with the same placeholders. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Reached {
  /** Who came where; several times is no more than once. */
  readonly visits: readonly string[];
  readonly said: string;
}

export interface World {
  readonly folder: string;
  readonly servers: readonly RealServer[];
  /** Puts in what the placeholders stand for. */
  readonly fill: (text: string) => string;
  /** Takes it out again: what differs from run to run gets its name. */
  readonly name: (text: string) => string;
  readonly bySsh: (trial: Trial) => Promise<Reached>;
  readonly byUs: (trial: Trial) => Promise<Reached>;
  readonly close: () => Promise<void>;
}

export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'real-'));
  const keys = {
    key1: generate(join(folder, 'key1'), '-t', 'ed25519'),
    key2: generate(join(folder, 'key 2'), '-t', 'rsa', '-b', '2048'),
    key3: generate(join(folder, 'key3'), '-t', 'ecdsa'),
  };
  const node = await startServer(folder, 'node', keys, { hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
  const bastion = await startServer(folder, 'bastion', keys);
  const inner = await startServer(folder, 'inner', keys);
  const servers = [node, bastion, inner];
  const agent = await startAgent(folder, keys.key3);
  const me = userInfo().username;
  const known = servers.flatMap(({ port, hostKeys }) => hostKeys.map((key) => `[127.0.0.1]:${port} ${key}\n`));
  writeFileSync(join(folder, 'known_hosts'), known.join(''));
  const values: Readonly<Record<string, string>> = {
    TILDE: `~${me}/${relative(homedir(), folder)}`,
    DIR: folder,
    NODEKEY: node.hostKeys[0] ?? '',
    NODEECDSA: node.hostKeys[1] ?? '',
    NODERSA: node.hostKeys[2] ?? '',
    BASTIONKEY: bastion.hostKeys[0] ?? '',
    NODE: `${node.port}`,
    BASTION: `${bastion.port}`,
    INNER: `${inner.port}`,
    AGENT: agent.socket,
    NODEJS: process.execPath,
    ME: me,
  };
  const fill = (template: string) =>
    template.replace(
      /\b(TILDE|DIR|NODEKEY|NODEECDSA|NODERSA|BASTIONKEY|NODEJS|NODE|BASTION|INNER|AGENT|ME)\b/g,
      (word) => values[word] ?? word,
    );
  const name = (said: string) =>
    Object.entries(values).reduce((rest, [word, value]) => rest.replaceAll(value, word), said);
  writeFileSync(join(folder, 'relay.cjs'), RELAY);

  const environment = {
    ...process.env,
    SSH_AUTH_SOCK: undefined,
    WORLD: folder,
    WORLD_AGENT: agent.socket,
    SHELL: '/bin/sh',
  };
  const prepare = ({ config, files = {} }: Trial) => {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), fill(content));
    // What the trial leaves open. The first value of a file wins, so this comes last.
    const rest = ['Match all', 'IdentityFile DIR/key1', 'UserKnownHostsFile DIR/known_hosts'];
    const strict = ['GlobalKnownHostsFile none', 'StrictHostKeyChecking yes', 'BatchMode yes', 'ConnectTimeout 20'];
    const file = join(folder, 'config');
    writeFileSync(file, fill([config, ...rest, ...strict, ''].join('\n')));
    return file;
  };
  const visits = async () => {
    const all = (await Promise.all(servers.map((server) => server.visits()))).flat();
    return [...new Set(all)].sort();
  };
  return {
    folder,
    servers,
    fill,
    name,
    bySsh: async (trial) => {
      const file = prepare(trial);
      const { host = 'pve', port, user, jump } = trial.settings ?? {};
      const option = (letter: string, value?: string) => (value === undefined ? [] : [letter, fill(value)]);
      const words = [
        '-F',
        file,
        ...option('-p', port),
        ...option('-l', user),
        ...option('-J', jump),
        '--',
        host,
        'exec true',
      ];
      const child = spawn('ssh', words, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
      const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      return { visits: await visits(), said };
    },
    byUs: async (trial) => {
      const machine: Machine = {
        home: folder,
        project: folder,
        localUser: me,
        ssh: { home: homedir(), environment, configFile: prepare(trial) },
      };
      const { host = 'pve', port, user, jump } = trial.settings ?? {};
      const timeouts = { connect: 20, command: 20, lock: 1 };
      const settings = {
        host,
        port: port ? Number(fill(port)) : undefined,
        user: user && fill(user),
        jump: jump && fill(jump),
        timeouts,
      };
      const lines: string[] = [];
      const said = await login(settings, machine, (line) => lines.push(line));
      return { visits: await visits(), said: [...lines, said].join('\n') };
    },
    close: async () => {
      agent.close();
      await Promise.all(servers.map((server) => server.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function login(settings: SshSettings, machine: Machine, report: (line: string) => void): Promise<string> {
  try {
    const connection = await connect(settings, machine, report, { sleep: async () => undefined });
    try {
      const process = await connection.start('exec true');
      process.onOutput(() => undefined);
      await process.ended;
    } finally {
      await connection.close();
    }
    return '';
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** What a ProxyCommand may be: it connects to a host and a port. */
const RELAY = `const socket = require('node:net').connect(Number(process.argv[3]), process.argv[2]);
socket.on('error', () => process.exit(1));
process.stdin.pipe(socket).pipe(process.stdout);
`;
