/** What the programs of one node have to know. Kept in a file, so that shims in other processes know it too. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../pveum/releases';

export interface LockTimes {
  /** Pause between two attempts, in milliseconds. */
  readonly pollMs: number;
  /** A waiting program says so this often, in milliseconds. */
  readonly noticeMs: number;
  /** It gives up after this time, in milliseconds. */
  readonly timeoutMs: number;
}

export interface Settings {
  readonly release: Release;
  /** Added to every call of pveum: a real one takes 250 to 500 ms. */
  readonly latencyMs: number;
  readonly lock: LockTimes;
  /** What `sudo -n` allows a user other than root; `documented` is the line of the product's README. */
  readonly sudo: 'all' | 'documented' | 'pveum' | 'none';
  readonly slowMs: number;
  readonly diskFull: boolean | 'halfway';
  readonly localeWarnings: boolean;
}

export const DEFAULT_SETTINGS: Omit<Settings, 'release'> = {
  latencyMs: 0,
  lock: { pollMs: 5, noticeMs: 1000, timeoutMs: 10_000 },
  sudo: 'all',
  slowMs: 0,
  diskFull: false,
  localeWarnings: false,
};

const fileOf = (root: string): string => join(root, 'var', 'settings.json');

export function readSettings(root: string): Settings | undefined {
  const file = fileOf(root);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Settings) : undefined;
}

export function saveSettings(root: string, settings: Settings): void {
  const file = fileOf(root);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(settings, null, 2));
  renameSync(draft, file);
}
