import { readFile } from 'node:fs/promises';

import { errorCode } from '../../contract/error-code';
import { sshFileUnreadable } from './refusal';

/** What OpenSSH's files have in common: they may be missing, and they name hosts by patterns. */

/** A file that is not there says nothing. */
export async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw sshFileUnreadable(path, code, cause);
  }
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** `*` and `?` */
export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split(/\*+/).map((part) => part.split('?').map(literal).join('.'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

/** A `!` pattern that matches rules everything out. */
export function matchesList(patterns: readonly string[], text: string): boolean {
  const forbidden = patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), text));
  return !forbidden && patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, text));
}
