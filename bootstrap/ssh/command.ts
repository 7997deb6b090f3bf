import { constants } from 'node:os';

import type { ClientChannel } from 'ssh2';

import type { Refusal } from '../../contract/refusal';
import type { Session } from './client';
import { after } from './limits';
import { commandNotStarted, commandTimeout, connectionLost, outputTooLarge } from './refusals';

export interface Answer {
  /** The exit status; 128 and the signal's number when a signal ended it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLimits {
  readonly place: string;
  readonly seconds: number;
}

const OUTPUT_MEBIBYTES = 16;

/** One exec channel, no pty, nothing on stdin. Rejects with a Refusal alone. */
export function runCommand(session: Session, command: string, limits: CommandLimits): Promise<Answer> {
  const { place, seconds } = limits;
  const program = programOf(command);
  if (session.isClosed()) return Promise.reject(commandNotStarted(place, program));
  return new Promise((resolve, reject) => {
    const output = new Output();
    let channel: ClientChannel | undefined;
    let settled = false;
    const settle = (outcome: Answer | Refusal) => {
      if (settled) return;
      settled = true;
      calledOff();
      forget();
      if (!(outcome instanceof Error)) return resolve(outcome);
      channel?.destroy();
      reject(outcome);
    };
    const calledOff = after(seconds * 1000, () => settle(commandTimeout(place, program, seconds)));
    // Told before the channels are, so an exit status that came with half of its output is no answer.
    const forget = session.onClose(() => settle(output.answer() ?? connectionLost(place, program)));
    startCommand(session, command, (error, opened) => {
      channel = opened;
      if (settled) opened?.destroy();
      else if (opened === undefined) settle(commandNotStarted(place, program, error));
      else {
        output.gather(opened, () => settle(outputTooLarge(place, program, OUTPUT_MEBIBYTES)));
        whenClosed(opened, () => settle(output.answer() ?? connectionLost(place, program)));
        opened.end();
      }
    });
  });
}

/** A session that is ending throws where it otherwise calls back. */
function startCommand(session: Session, command: string, answer: (error: unknown, channel?: ClientChannel) => void) {
  try {
    session.exec(command, answer);
  } catch (error) {
    answer(error);
  }
}

/** stdout may close before the rest of stderr was read. */
function whenClosed(channel: ClientChannel, then: () => void): void {
  let open = 2;
  for (const stream of [channel, channel.stderr]) {
    stream.once('close', () => {
      open -= 1;
      if (open === 0) then();
    });
  }
}

/** What one command has said so far. */
class Output {
  private readonly stdout: Buffer[] = [];
  private readonly stderr: Buffer[] = [];
  private open = 2;
  private size = 0;
  private exit?: number;

  gather(channel: ClientChannel, tooMuch: () => void): void {
    const into = (list: Buffer[]) => (chunk: Buffer) => {
      this.size += chunk.length;
      if (this.size > OUTPUT_MEBIBYTES * 2 ** 20) tooMuch();
      else list.push(chunk);
    };
    const end = () => {
      this.open -= 1;
    };
    channel.on('data', into(this.stdout)).on('end', end);
    channel.stderr.on('data', into(this.stderr)).on('end', end);
    channel.on('exit', (code: number | null, signal?: string) => {
      this.exit = code ?? 128 + signalNumber(signal);
    });
  }

  /** Undefined unless both streams ended and an exit status came. */
  answer(): Answer | undefined {
    if (this.exit === undefined || this.open > 0) return undefined;
    const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
    return { exit: this.exit, stdout: text(this.stdout), stderr: text(this.stderr) };
  }
}

function signalNumber(name?: string): number {
  const found = Object.entries(constants.signals).find(([signal]) => signal === name);
  return found?.[1] ?? 127;
}

/** The program's name for messages: a command line may hold what is nobody's business. */
export function programOf(command: string): string {
  const words = command.split(' ').filter((word) => !/^-|^'?[A-Za-z_]\w*'?=|^'\w+=/.test(word));
  const word = words.find((candidate) => candidate !== 'sudo' && candidate !== 'env') ?? '';
  const name = word.split('/').at(-1) ?? '';
  return /^[A-Za-z0-9_.+-]{1,40}$/.test(name) ? name : 'the command';
}
