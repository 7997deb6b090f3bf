import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mapPath } from '../../simulator/machine/file-programs';
import { prepareRoot, resetFiles } from '../../simulator/machine/node-files';
import { DEFAULT_SETTINGS, saveSettings } from '../../simulator/machine/settings';
import { RELEASES, type Release } from '../../simulator/pveum/releases';
import { runLine } from '../../simulator/shell/run';
import { comparable, errorLines, hideSecrets, recorded, secretsIn } from './support/compare';
import { type CommandEntry, type Entry, readTranscript } from './support/transcripts';

/** The simulator's secrets by the recorded ones: both appear in the same places. */
class Secrets {
  readonly #known = new Map<string, string>();

  learn(recordedText: string, simulatedText: string): void {
    const own = secretsIn(simulatedText);
    for (const [index, secret] of secretsIn(recordedText).entries()) {
      const counterpart = own[index];
      if (counterpart !== undefined) this.#known.set(secret, counterpart);
    }
  }

  translate(line: string): string {
    return secretsIn(line).reduce((text, secret) => text.replace(secret, this.#known.get(secret) ?? secret), line);
  }
}

async function compareCommand(root: string, entry: CommandEntry, secrets: Secrets): Promise<void> {
  const result = await runLine(secrets.translate(entry.cmd), { root, user: 'root', env: { ...entry.env } });
  const stdout = recorded(result.stdout);
  const where = `line ${entry.line}: ${entry.cmd.slice(0, 200)}`;
  expect(comparable(stdout), where).toEqual(comparable(entry.stdout));
  expect(errorLines(recorded(result.stderr)), where).toEqual(errorLines(entry.stderr));
  expect(result.exit, where).toBe(entry.exit);
  secrets.learn(entry.stdout, stdout);
}

/** 7.4 writes ACL paths in the order of a hash. */
function fileText(content: string, release: Release): string {
  const hidden = hideSecrets(content);
  if (release !== '7.4') return hidden;
  const lines = hidden.split('\n');
  const isAcl = (line: string) => line.startsWith('acl:');
  return [...lines.filter((line) => !isAcl(line)), ...lines.filter(isAcl).sort()].join('\n');
}

async function compare(root: string, release: Release, entry: Entry, secrets: Secrets): Promise<void> {
  if (entry.kind === 'command') await compareCommand(root, entry, secrets);
  else if (entry.kind === 'reset') resetFiles(root);
  else {
    const content = recorded(readFileSync(mapPath(root, entry.file)));
    expect(fileText(content, release), `line ${entry.line}: ${entry.file}`).toBe(fileText(entry.content, release));
    secrets.learn(entry.content, content);
  }
}

const bySection = (entries: readonly Entry[]): Map<string, Entry[]> =>
  entries.reduce((map, entry) => {
    map.set(entry.section, [...(map.get(entry.section) ?? []), entry]);
    return map;
  }, new Map<string, Entry[]>());

describe.each(RELEASES)('the simulated %s node answers as the recorded one', (release: Release) => {
  const root = mkdtempSync(join(tmpdir(), 'simulator-conformance-'));
  const entries = readTranscript(release);
  let compared = 0;
  beforeAll(() => {
    prepareRoot(root);
    saveSettings(root, { ...DEFAULT_SETTINGS, release });
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
    console.log(`${release}: ${compared} recorded commands compared`);
  });

  test.each([...bySection(entries)])('section %s', async (_, section) => {
    const secrets = new Secrets();
    for (const entry of section) {
      await compare(root, release, entry, secrets);
      if (entry.kind === 'command') compared += 1;
    }
  });
});
