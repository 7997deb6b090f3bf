import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Terminal } from '../../../cli/context';
import type { SimulatedNode } from '../../../simulator/node';
import { aNode } from '../../support/node';
import { aTerminal, type Desk, type Ran, type Recording } from '../support';

/** What a person types at the questions that hold these words. A question that is not expected fails the test. */
export type Typed = readonly (readonly [question: string, answer: string])[];

export interface Person extends Recording {
  /** Questions that were asked hidden. */
  readonly hidden: string[];
}

/** Somebody at a terminal: every question and its answer stand between the other lines. */
export function aPerson(typed: Typed, over: Partial<Terminal> = {}): Person {
  const left = [...typed];
  const hidden: string[] = [];
  const recording: Person = {
    ...aTerminal({ columns: 100, ...over }),
    hidden,
    ask: async (question, isHidden) => {
      const [expected, answer] = left.shift() ?? ['nothing more', ''];
      recording.noted.push(`${question} ${isHidden ? '' : answer}`.trimEnd());
      if (isHidden) hidden.push(question);
      if (!question.includes(expected)) throw new Error(`asked "${question}", expected ${expected}`);
      return answer;
    },
  };
  return recording;
}

/** A node with names of its own, in a cluster or alone. */
export async function aNamedNode(cluster?: string, over: Parameters<typeof aNode>[0] = {}): Promise<SimulatedNode> {
  const node = await aNode(over);
  const write = (file: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(node.root, file)), { recursive: true });
    writeFileSync(join(node.root, file), text, { mode });
  };
  write('bin/hostname', '#!/bin/sh\necho pve1.example.net\n', 0o755);
  write(
    'bin/pveversion',
    '#!/bin/sh\necho "pve-manager/9.1.4/5ac30304265fbd8e (running kernel: 6.17.4-1-pve)"\n',
    0o755,
  );
  if (cluster) write('etc/pve/corosync.conf', `totem {\n  cluster_name: ${cluster}\n  config_version: 3\n}\n`);
  return node;
}

/** The options that name the node's ports and the one key that may log in. */
export const at = (node: SimulatedNode): string[] => [
  ...['127.0.0.1', '--port', String(node.ssh.port), '--identity-file', node.privateKeyFile],
  ...['--endpoint', node.api.url],
];

/** What a command showed, with the names that documents use. */
export function inWords(text: string, desk: Desk, node: SimulatedNode): string {
  return text
    .replaceAll(node.api.url, 'https://pve1.example.net:8006')
    .replaceAll(`127.0.0.1:${node.ssh.port}`, 'pve1.example.net:22')
    .replaceAll(node.privateKeyFile, '~/.ssh/id_ed25519')
    .replaceAll(node.ssh.hostKey, 'SHA256:abc')
    .replaceAll(`${node.ssh.port}`, '22')
    .replace(/until .* GMT, SHA-256 [0-9A-F:]+/, 'until 2027, SHA-256 FINGERPRINT')
    .replaceAll(desk.folder, '/project');
}

export async function init(
  desk: Desk,
  node: SimulatedNode,
  argv: readonly string[],
  terminal?: Terminal,
): Promise<Ran> {
  const ran = await desk.run(['init', ...argv], terminal ? { terminal } : {});
  return { exit: ran.exit, stdout: inWords(ran.stdout, desk, node), stderr: inWords(ran.stderr, desk, node) };
}

/** What a person types who takes every default. */
export const BY_DEFAULT: Typed = [
  ['Is it the same?', 'y'],
  ['Trust it for this endpoint', ''],
  ['Name of the cluster', ''],
  ['Preset', ''],
  ['Token', ''],
  ['Role', ''],
  ['Add this to env/lab.tfvars?', ''],
];

export const envOf = (desk: Desk): string => readFileSync(desk.path('env/lab.tfvars'), 'utf8');
