import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { NODES_END } from '../bootstrap/node/nodes-end';
import { LOCK_FILE } from '../bootstrap/node/session';
import { BOOTSTRAP_KEYS } from '../constructs/input/check';
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
