import { X509Certificate } from 'node:crypto';
import type { NodeFound } from '../../bootstrap/node/found';
import { look, withRoleList } from '../../bootstrap/node/look';
import type { NodeSession } from '../../bootstrap/node/session';
import { knownPrivileges } from '../../bootstrap/plan/privileges';
import type { SshSettings } from '../../contract/settings';
import type { Context } from '../context';
import { onNode } from '../on-node';
import { readRelease } from '../release';

/** What a node says of itself; whatever a user without rights may not read is absent. */
export interface NodeFacts {
  readonly node?: string;
  /** Of a node that is in no cluster there is none. */
  readonly cluster?: string;
  readonly release?: string;
  /** The CA that signs the certificates of the cluster's nodes, as PEM. */
  readonly ca?: string;
  readonly found: NodeFound;
}

/** One look at a node, in one connection: nothing there is changed, and its lock is not held while people think. */
export function readNode(ssh: SshSettings, context: Context): Promise<NodeFacts> {
  return onNode({ ssh, name: ssh.host }, context, async ({ node }, { user }) => {
    const found = await withRoleList(node, await look(node));
    const facts = {
      node: nameIn(await read(node, 'hostname'), /^([^.\s]+)/),
      cluster: nameIn(await read(node, 'cat', '/etc/pve/corosync.conf'), /^\s*cluster_name:\s*(\S+)\s*$/m),
      release: await readRelease(node, user, knownPrivileges(found.roles)),
      ca: certificatesIn(await read(node, 'cat', '/etc/pve/pve-root-ca.pem')),
      found,
    };
    return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as typeof facts;
  });
}

async function read(node: NodeSession, ...words: readonly string[]): Promise<string> {
  const { exit, stdout } = await node.run(words);
  return exit === 0 ? stdout : '';
}

/** A name that may stand in a file of ours: what else a node calls itself is not taken over. */
function nameIn(text: string, pattern: RegExp): string | undefined {
  const [, name = ''] = pattern.exec(text) ?? [];
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name) ? name : undefined;
}

/** Certificates alone: whatever else stands in the file is left out. */
function certificatesIn(text: string): string | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0 || !blocks.every((block) => new X509Certificate(block).ca)) return undefined;
  } catch {
    return undefined;
  }
  return `${blocks.map((block) => block.replaceAll('\r', '')).join('\n')}\n`;
}
