import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ClusterEntry, readEnvironment } from '../../constructs';
import type { SimulatedNode } from '../../simulator/node';
import { temporaryFolder } from '../support/node';
import { followGuide, handMadeToken } from '../support/on-node';
import { settingsFor } from '../support/verbs';
import { readBlock } from './support/document';
import { rowWithoutCdktf } from './support/row';
import { aStory, TOKEN } from './support/story';

const ROOT = 'root@pam!terraform2';

/** As the guide shows it, with another space and a comment here and there. `=secret` is what is to be cut out. */
function handMadeFile(rootSecret: string, secret: string): string {
  return `proxmox = {
  host3 = {
    name         = "host3"
    cluster_name = "host3"
    endpoint     = "https://host3.example.net:8006"
    insecure     = true
    username     = "root"
    api_token    = "${ROOT}${rootSecret}" # made in spring
    # api_token  = "root@pam!older${rootSecret}"
  }
  nuc = {
    endpoint  = "https://nuc.example.net:8006"
    insecure  = false
    username  = "root"
    api_token="${TOKEN}${secret}"
  }
}
`;
}

/** What the entry of the file tells the program, on the simulated node. */
function settingsOf(entry: ClusterEntry | undefined, node: SimulatedNode) {
  if (entry === undefined) throw new Error('the entry is not there');
  const { identity, access, generation, retain, onExisting: on_existing } = entry;
  return { ...settingsFor(node), identity, access, generation, retain, on_existing };
}

/** The command of the document, in a folder with this hand-made file. Returns the env file. */
function cut(text: string, ending = ''): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'env'));
  writeFileSync(join(folder, `terraform.tfvars${ending}`), text);
  const command = readBlock('cut').replaceAll('.tfvars', `.tfvars${ending}`);
  const { status, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return join(folder, `env/lab.tfvars${ending}`);
}

describe('a terraform.tfvars that was written by hand', () => {
  rowWithoutCdktf('hand-made-tfvars', async () => {
    const [host3, nuc] = [await aStory({ release: '8.4' }), await aStory()];
    const rootSecret = await handMadeToken(host3.node, 'root@pam', 'terraform2', '--privsep', '0');
    const secret = await followGuide(nuc.node);
    const file = cut(handMadeFile(`=${rootSecret}`, `=${secret}`));
    expect(readFileSync(file, 'utf8')).toBe(handMadeFile('', ''));
    appendFileSync(file, readBlock('role'));
    const { clusters } = await readEnvironment(file);
    expect(await host3.deployAs(settingsOf(clusters[0], host3.node))).toBe(rootSecret);
    expect(await nuc.deployAs(settingsOf(clusters[1], nuc.node))).toBe(secret);
    expect([await host3.works(rootSecret, ROOT), await nuc.works(secret)]).toEqual([true, true]);
    return host3.output() + nuc.output();
  });

  test('the same command cuts the secrets out of JSON', async () => {
    const secret = '12345678-9abc-4def-8123-456789abcdef';
    const entry = { endpoint: 'https://nuc.example.net:8006', api_token: `${ROOT}=${secret}` };
    const file = cut(JSON.stringify({ proxmox: { nuc: entry } }, null, 2), '.json');
    const { clusters } = await readEnvironment(file);
    expect(clusters.map(({ identity }) => identity)).toEqual([ROOT]);
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
  });
});
