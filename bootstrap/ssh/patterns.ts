/** OpenSSH's patterns: `*`, `?`, and lists in which a `!` pattern that matches rules everything out. */

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split(/\*+/).map((part) => part.split('?').map(literal).join('.'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

export function matchesList(patterns: readonly string[], text: string): boolean {
  const forbidden = patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), text));
  return !forbidden && patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, text));
}
