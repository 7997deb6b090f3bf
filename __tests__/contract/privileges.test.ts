import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../contract/presets';
import { MAJORS, type Major, PRIVILEGES, privilegesOn } from '../../contract/privileges';
import { TASKS } from '../../contract/tasks';
import { RELEASES } from '../../simulator/node';
import { privilegesOf } from '../../simulator/pveum/privileges';

test.each(RELEASES)('the table knows the privileges that %s accepts, and no others', (release) => {
  const known = privilegesOn(Number(release.split('.')[0]) as Major);
  expect([...known]).toEqual([...privilegesOf(release).valid].sort());
});

test('every privilege says in a sentence of one line what it is for', () => {
  for (const [name, { purpose }] of PRIVILEGES) {
    expect(purpose, name).toMatch(/^[A-Z].*\.$/);
    expect(purpose.length, name).toBeLessThanOrEqual(90);
  }
});

describe.each(Object.entries(TASKS))('the task %s', (name, { needs, whereKnown = [] }) => {
  test('asks for privileges that are there, each once', () => {
    const names = [...needs, ...whereKnown].map(({ privilege }) => privilege);
    expect(new Set(names).size).toBe(names.length);
    for (const privilege of names) expect(PRIVILEGES.has(privilege), privilege).toBe(true);
  });

  test('can be done on every release, except what came later', () => {
    const possible = MAJORS.filter((major) => needs.every(({ privilege }) => privilegesOn(major).has(privilege)));
    expect(possible).toEqual(name === 'passthrough' ? [8, 9] : MAJORS);
  });

  test('asks for nothing that the preset of the same name lacks', () => {
    const preset = PRESETS[name];
    if (preset === undefined || 'builtIn' in preset) return;
    const granted = [...preset.privileges, ...(preset.whereKnown ?? [])];
    for (const { privilege } of [...needs, ...whereKnown]) expect(granted).toContain(privilege);
  });
});

test('the document lists every privilege (`npx vitest run __tests__/contract --update` writes it)', async () => {
  const file = join(__dirname, '../../docs/privileges.md');
  const rows = [...PRIVILEGES].map(([name, { purpose, releases }]) => {
    const on = releases.length === MAJORS.length ? '' : releases.join(', ');
    return `| \`${name}\` | ${purpose} | ${on} |`;
  });
  const tasks = Object.entries(TASKS).map(([name, { what, needs, whereKnown = [] }]) => {
    const shown = [...needs, ...whereKnown].map(({ privilege, path }) => `\`${privilege}\` on \`${path}\``);
    return `| \`${name}\` | ${what} | ${shown.join(', ')} |`;
  });
  const tables = [rows, tasks];
  const document = readFileSync(file, 'utf8').replace(
    /(?<=\n\|---.*\n)(\|.*\n)*/g,
    () => `${tables.shift()?.join('\n') ?? ''}\n`,
  );
  await expect(document).toMatchFileSnapshot(file);
});
