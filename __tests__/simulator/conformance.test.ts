import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareRoot, pveFile, readFiles, resetFiles } from '../../simulator/machine/node-files';
import { type Result, result } from '../../simulator/machine/program';
import { DEFAULT_SETTINGS, saveSettings } from '../../simulator/machine/settings';
import { parseUserConfig } from '../../simulator/pveum/parse-config';
import { privilegesOf } from '../../simulator/pveum/privileges';
import { RELEASES, type Release } from '../../simulator/pveum/releases';
import { parseSecrets } from '../../simulator/pveum/secrets';
import { verifyToken } from '../../simulator/pveum/verify-token';
import { runWords } from '../../simulator/shell/run';
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

  translate(word: string): string {
    return secretsIn(word).reduce((text, secret) => text.replace(secret, this.#known.get(secret) ?? secret), word);
  }
}

/** The helper that stood beside the recorded program: the node's own check of a token. */
function verify(root: string, release: Release, token: string): Result {
  const files = readFiles(root);
  const config = parseUserConfig(files['user.cfg'] ?? '', privilegesOf(release), () => undefined);
  const secrets = parseSecrets(files['priv/token.cfg'], () => undefined);
  const verdict = verifyToken(config, secrets, token, Date.now() / 1000);
  return verdict.ok ? result(0, `ok ${verdict.id}\n`) : result(1, `${verdict.reason}\n`);
}

async function compareCommand(root: string, release: Release, entry: CommandEntry, secrets: Secrets): Promise<void> {
  const words = entry.words.map((word) => secrets.translate(word));
  const isVerify = words[0] === 'verify-token';
  const { env } = entry;
  const answer = isVerify
    ? verify(root, release, words[2] ?? '')
    : await runWords(words, { root, user: 'root', env: { ...env } });
  const stdout = recorded(answer.stdout);
  const where = `line ${entry.line}: ${entry.cmd.slice(0, 200)}`;
  // Tables, YAML and indented JSON are not simulated; what such a command did to the files still has to be the same.
  const isSimulated = isVerify || entry.stdout === '' || /output-format[ =]json(?!-)/.test(entry.cmd);
  if (isSimulated) expect(comparable(stdout), where).toEqual(comparable(entry.stdout));
  expect(errorLines(recorded(answer.stderr)), where).toEqual(errorLines(entry.stderr));
  expect(answer.exit, where).toBe(entry.exit);
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
  if (entry.kind === 'command') await compareCommand(root, release, entry, secrets);
  else if (entry.kind === 'reset') resetFiles(root);
  else {
    const content = recorded(readFileSync(pveFile(root, entry.file.replace('/etc/pve/', ''))));
    expect(fileText(content, release), `line ${entry.line}: ${entry.file}`).toBe(fileText(entry.content, release));
    secrets.learn(entry.content, content);
  }
}

const bySection = (entries: readonly Entry[]): Map<string, Entry[]> =>
  entries.reduce((map, entry) => {
    map.set(entry.section, [...(map.get(entry.section) ?? []), entry]);
    return map;
  }, new Map<string, Entry[]>());

const COUNTS: Record<Release, number> = { '7.4': 282, '8.4': 282, '9.0': 283, '9.1': 283 };

describe.each(RELEASES)('the simulated %s node answers as the recorded one', (release: Release) => {
  const root = mkdtempSync(join(tmpdir(), 'simulator-conformance-'));
  const entries = readTranscript(release);
  let compared = 0;
  beforeAll(() => {
    prepareRoot(root);
    saveSettings(root, { ...DEFAULT_SETTINGS, release });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.each([...bySection(entries)])('section %s', async (_, section) => {
    const secrets = new Secrets();
    for (const entry of section) {
      await compare(root, release, entry, secrets);
      if (entry.kind === 'command') compared += 1;
    }
  });

  test('in all of its commands', () => {
    expect(compared).toBe(COUNTS[release]);
  });
});
