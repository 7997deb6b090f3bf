import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { NODES_END } from '../bootstrap/node/nodes-end';
import { LOCK_FILE } from '../bootstrap/node/session';
import { BOOTSTRAP_KEYS } from '../constructs/input/check';
import { checkText } from '../constructs/input/text';
import { PRESETS } from '../contract/presets';
import { pages } from './pages';

test('an administrator is shown the very script that runs on a node', () => {
  const page = readFileSync('docs/on-the-node.md', 'utf8');
  const [, script] = /<!-- script -->\n```perl\n(.*?)```/s.exec(page) ?? [];
  expect(script).toBe(NODES_END);
  expect(page).toContain(LOCK_FILE);
});

test('the page of the env file names every key and every preset', () => {
  const page = readFileSync('docs/env-file.md', 'utf8');
  const missing = [...BOOTSTRAP_KEYS, ...Object.keys(PRESETS)].filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('the settings that the how-tos give are accepted', async () => {
  const entry = 'proxmox = { nuc = { endpoint = "https://nuc:8006", api_token = "tofu@pve!ci" } }\n';
  const blocks = [...readFileSync('docs/how-to.md', 'utf8').matchAll(/```hcl\n(.*?)```/gs)].map(([, text]) => text);
  for (const block of blocks) {
    const role = block?.includes('role ') ? '' : entry.replace('tofu@pve', 'root@pam');
    expect(await checkText('env/lab.tfvars', `${role || entry}${block}`), block).not.toBeInstanceOf(Array);
  }
  expect(blocks.length).toBeGreaterThan(2);
});

/** As the usual hosts name headings. */
const anchorsOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]*)(?:#([^)]*))?\)/g)];
  const broken = links.filter(([, link, anchor]) => {
    const target = link ? join(dirname(page), link) : page;
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});
