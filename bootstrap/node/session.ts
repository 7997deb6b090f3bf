import { randomBytes } from 'node:crypto';
import type { SshSettings } from '../../contract/settings';
import { type Connection, commandTimeout, connectionLost, type RemoteProcess } from '../ssh';
import { BrokenFrame, type Frame, FrameReader, request } from './frames';
import { NODES_END } from './nodes-end';
import { nodeBusy, nodeSilent, nodeUnlockable, outputDisturbed } from './refusals';

/** Shared by root and every other user of the node. */
export const LOCK_FILE = '/run/lock/cdktf-proxmox-tokens.lock';

/** What one command on the node answered. */
export interface Answer {
  /** The exit status; 128 and the signal's number when a signal ended it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The node's end, ready and holding the node's lock until its connection is closed. */
export interface NodeSession {
  run(words: readonly string[]): Promise<Answer>;
}

type Limits = Pick<SshSettings, 'sudo' | 'timeouts'>;

/** Starts the node's end. Throws a Refusal where it does not come about, or another run holds the lock for too long. */
export async function openNode(
  connection: Connection,
  { sudo = connection.user !== 'root', timeouts }: Limits,
  report: (line: string) => void,
): Promise<NodeSession> {
  const marker = randomBytes(16).toString('hex');
  const process = await startInTime(connection, commandLine(marker, timeouts.lock, sudo), timeouts.command);
  const frames = new Frames(connection, process, marker);
  process.write(NODES_END);
  for (;;) {
    const { word, parts } = await frames.next("the node's end", timeouts.command + timeouts.lock);
    if (word === 'ready') break;
    if (word === 'waiting') report('node: another run works on it, waiting until that is done');
    else if (word === 'unlockable') throw nodeUnlockable(LOCK_FILE, parts.join(''));
    else throw nodeBusy(LOCK_FILE, timeouts.lock);
  }
  return {
    run: async (words) => {
      process.write(request(words));
      const { word, parts } = await frames.next(programOf(words), timeouts.command);
      const [stdout = '', stderr = ''] = parts.map((part) => part.toString('utf8'));
      return { exit: Number(word), stdout, stderr };
    },
  };
}

/** A server that lets us in may still never answer the request to run something. */
async function startInTime(connection: Connection, command: string, seconds: number): Promise<RemoteProcess> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(commandTimeout(connection.place, 'perl', seconds)), seconds * 1000);
  });
  try {
    return await Promise.race([connection.start(command), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** It means the same to sh, bash, dash, zsh and fish (tried). `-C0`: lengths count bytes, whatever PERL_UNICODE says. */
function commandLine(marker: string, seconds: number, sudo: boolean): string {
  const perl = `read(STDIN,$s,${Buffer.byteLength(NODES_END)});eval $s;die $@ if $@`;
  // C.UTF-8, not C: `pveum` decodes its arguments by the locale, and a comment may hold more than ASCII.
  return `exec env LC_ALL=C.UTF-8 perl -C0 -e '${perl}' ${marker} ${LOCK_FILE} ${seconds} ${sudo ? 1 : 0}`;
}

/** `pveum user`: enough to know a command by, nothing that could be a secret. */
function programOf(words: readonly string[]): string {
  return words.slice(0, 2).join(' ');
}

/** The frames of one process, one at a time. */
class Frames {
  private readonly reader: FrameReader;
  private readonly arrived: Frame[] = [];
  private failure?: Error;
  private over = false;
  private started = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly connection: Connection,
    private readonly process: RemoteProcess,
    marker: string,
  ) {
    this.reader = new FrameReader(marker);
    process.onOutput((piece) => {
      try {
        if (piece === undefined) this.over = true;
        else this.arrived.push(...this.reader.push(piece));
      } catch (error) {
        if (!(error instanceof BrokenFrame)) throw error;
        this.failure = outputDisturbed(connection.place);
      }
      this.wake();
    });
  }

  async next(program: string, seconds: number): Promise<Frame> {
    const { place } = this.connection;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.wake();
    }, seconds * 1000);
    try {
      for (;;) {
        const frame = this.arrived.shift();
        if (frame !== undefined) {
          this.started = true;
          return frame;
        }
        if (this.failure !== undefined) throw this.failure;
        if (this.over) throw this.started ? connectionLost(place, program) : await this.silence();
        if (late) throw commandTimeout(place, program, seconds);
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } catch (error) {
      this.process.kill();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async silence(): Promise<Error> {
    const { place } = this.connection;
    const exit = await this.process.ended;
    if (exit === undefined) return connectionLost(place, "the node's end");
    return nodeSilent(place, exit, this.process.stderr(), this.reader.noise);
  }
}
