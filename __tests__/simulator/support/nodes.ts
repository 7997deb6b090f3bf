/** Nodes and clients for one test; both are gone after it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ConnectConfig } from 'ssh2';
import { onTestFinished } from 'vitest';
import { prepareRoot } from '../../../simulator/machine/node-files';
import type { Result } from '../../../simulator/machine/program';
import { DEFAULT_SETTINGS, type Settings, saveSettings } from '../../../simulator/machine/settings';
import { type NodeOptions, type SimulatedNode, startNode } from '../../../simulator/node';
import { type Login, runLine, runWords } from '../../../simulator/shell/run';

export function aRoot(settings: Partial<Settings> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'simulator-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  prepareRoot(root);
  saveSettings(root, { ...DEFAULT_SETTINGS, release: '9.1', ...settings });
  return root;
}

export interface Output {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line without any network. */
export async function run(root: string, line: string, request: Partial<Login> = {}): Promise<Output> {
  return outputOf(await runLine(line, { root, user: 'root', ...request }));
}

/** Runs words as root. */
export const type = async (root: string, ...words: readonly string[]): Promise<Output> =>
  outputOf(await runWords(words, { root, user: 'root' }));

const outputOf = ({ exit, stdout, stderr }: Result): Output => ({
  exit,
  stdout: stdout.toString(),
  stderr: stderr.toString(),
});

export const ok = (stdout = ''): Output => ({ exit: 0, stdout, stderr: '' });

export async function aNode(options: Partial<NodeOptions> = {}): Promise<SimulatedNode> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'simulator-'));
  const node = await startNode({ release: '9.1', ...options, root });
  onTestFinished(async () => {
    await node.close();
    rmSync(root, { recursive: true, force: true });
  });
  return node;
}

export function aClient(
  node: Pick<SimulatedNode, 'ssh' | 'privateKeyFile'>,
  config: ConnectConfig = {},
): Promise<Client> {
  const { host, port, user } = node.ssh;
  const client = new Client();
  onTestFinished(() => {
    client.end();
  });
  return new Promise((resolve, reject) => {
    client.on('ready', () => resolve(client)).on('error', reject);
    client.connect({ host, port, username: user, privateKey: readFileSync(node.privateKeyFile), ...config });
  });
}

/** Runs a command over SSH; rejects where the connection ends before the answer. */
export function exec(client: Client, line: string, env?: Record<string, string>): Promise<Output> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(new Error('connection closed')));
    client.exec(line, { env }, (error, channel) => {
      if (error) return reject(error);
      let [stdout, stderr] = ['', ''];
      channel.on('data', (data: Buffer) => {
        stdout += data;
      });
      channel.stderr.on('data', (data: Buffer) => {
        stderr += data;
      });
      channel.on('close', (exit: number | undefined) => {
        if (exit === undefined) reject(new Error('no exit code'));
        else resolve({ exit, stdout, stderr });
      });
      channel.end();
    });
  });
}
