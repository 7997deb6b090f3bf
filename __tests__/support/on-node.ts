import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedNode } from '../../simulator/node';
import { runWords } from '../../simulator/shell/run';

/** What another administrator types on the node, past the program under test. Throws where it fails. */
export async function atConsole(node: SimulatedNode, ...words: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await runWords(words, { root: node.root, user: 'root' });
  if (exit !== 0) throw new Error(`${words.join(' ')}: ${stderr.toString()}`);
  return stdout.toString();
}

/** A token that somebody makes by hand, as the guides show it. Returns its secret. */
export async function handMadeToken(node: SimulatedNode, userid: string, tokenid: string, ...options: string[]) {
  const words = ['pveum', 'user', 'token', 'add', userid, tokenid, ...options, '--output-format', 'json'];
  return (JSON.parse(await atConsole(node, ...words)) as { readonly value: string }).value;
}

/** A secret for a token that was written into the files. */
export function addSecret({ root }: SimulatedNode, identity: string): string {
  const secret = randomUUID();
  const file = join(root, 'etc/pve/priv/token.cfg');
  const others = (existsSync(file) ? readFileSync(file, 'utf8') : '').split('\n');
  const lines = others.filter((line) => line !== '' && !line.startsWith(`${identity} `));
  writeFileSync(file, [...lines, `${identity} ${secret}`, ''].join('\n'));
  return secret;
}

/** The steps of the second guide, by hand: user, role and token, with the ACL entry that the guide forgets. */
export async function followGuide(node: SimulatedNode, privsep: '0' | '1' = '0'): Promise<string> {
  await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve');
  await atConsole(node, 'pveum', 'role', 'add', 'opentofu-role', '--privs', 'VM.Audit VM.Allocate');
  await atConsole(node, 'pveum', 'acl', 'modify', '/', '--users', 'opentofu@pve', '--roles', 'opentofu-role');
  return handMadeToken(node, 'opentofu@pve', 'opentofu-token', '--privsep', privsep);
}

/** What other people keep on the node: users, groups, roles, tokens, ACL entries of every kind, comments of their own. */
export async function furnish(node: SimulatedNode): Promise<void> {
  await atConsole(node, 'pveum', 'group', 'add', 'ops', '--comment', 'the night: shift');
  await atConsole(node, 'pveum', 'user', 'add', 'jo@pve', '--groups', 'ops', '--comment', '100% Größe: [x] "y"');
  await atConsole(node, 'pveum', 'role', 'add', 'backup-role', '--privs', 'VM.Backup,VM.Audit');
  await handMadeToken(node, 'jo@pve', 'backup', '--privsep', '1', '--comment', 'nightly', '--expire', '4102444800');
  await handMadeToken(node, 'root@pam', 'monitoring', '--privsep', '0');
  await atConsole(node, 'pveum', 'acl', 'modify', '/vms', '--groups', 'ops', '--roles', 'PVEVMUser');
  await atConsole(
    node,
    'pveum',
    'acl',
    'modify',
    '/',
    '--users',
    'jo@pve',
    '--roles',
    'backup-role',
    '--propagate',
    '0',
  );
  await atConsole(
    node,
    'pveum',
    'acl',
    'modify',
    '/storage/local',
    '--tokens',
    'jo@pve!backup',
    '--roles',
    'backup-role',
  );
}
