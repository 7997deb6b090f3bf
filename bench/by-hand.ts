import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedNode } from '../simulator/node';
import { binFolder, installShims, quote } from '../simulator/shell/shims';
import { START_MS } from './nodes';
import { Skipped } from './result';
import { ROLE } from './stack';
import { type Timed, timed } from './timed';

const PRIVILEGES = 'Datastore.AllocateSpace,Datastore.Audit,VM.Allocate,VM.Audit,VM.Clone,VM.Config.Disk,VM.PowerMgmt';
const CALLS = [
  'pveum user add opentofu@pve',
  `pveum role add ${ROLE} --privs ${PRIVILEGES}`,
  `pveum acl modify / --users opentofu@pve --roles ${ROLE}`,
  'pveum user token add opentofu@pve opentofu-token --privsep 0',
];

/** The four calls of the guides, each node in one `ssh` of its own. */
export class ByHand {
  private constructor(private readonly folder: string) {}

  /** Writes a script a node. On the nodes `pveum` does nothing but take its time: a kindness to this side. */
  static async prepare(folder: string, nodes: readonly SimulatedNode[]): Promise<ByHand> {
    await requireProgram('ssh', ['-V']);
    const scripts = join(folder, 'by-hand');
    mkdirSync(scripts);
    for (const [index, node] of nodes.entries()) {
      installShims(node.root);
      const pveum = join(binFolder(node.root), 'pveum');
      writeFileSync(pveum, `#!/bin/sh\nexec sleep ${START_MS / 1000}\n`);
      chmodSync(pveum, 0o755);
      writeFileSync(join(scripts, `known-${index}`), `* ${node.ssh.knownHostsLine.split(' ').slice(1).join(' ')}\n`);
      writeFileSync(join(scripts, `${index}.sh`), `exec ${sshLine(node, join(scripts, `known-${index}`))}\n`);
    }
    return new ByHand(scripts);
  }

  /** All nodes, so many at a time. */
  run(atOnce: number): Promise<Timed> {
    const line = `ls | grep 'sh$' | xargs -P ${atOnce} -n 1 sh`;
    return timed({ program: 'sh', args: ['-c', line], cwd: this.folder });
  }
}

function sshLine({ ssh, privateKeyFile }: SimulatedNode, knownHosts: string): string {
  const options = ['IdentitiesOnly=yes', 'IdentityAgent=none', `UserKnownHostsFile=${knownHosts}`, 'LogLevel=ERROR'];
  const words = ['ssh', '-F', 'none', '-p', String(ssh.port), '-i', privateKeyFile];
  const all = [...words, ...options.flatMap((option) => ['-o', option]), `${ssh.user}@${ssh.host}`, CALLS.join(' && ')];
  return all.map(quote).join(' ');
}

async function requireProgram(program: string, args: readonly string[]): Promise<void> {
  try {
    await timed({ program, args });
  } catch {
    throw new Skipped(`there is no \`${program}\` here`);
  }
}
