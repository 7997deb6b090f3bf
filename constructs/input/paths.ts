import { hasControls } from '../../contract/identifiers';
import type { Field } from './field';
import { readText } from './readers';
import { show } from './redact';

/** A file of the operator's machine: absolute, `~/…`, or relative to the folder of `cdktf.json`. */
export function readPath(field: Field, example: string): string | undefined {
  const path = readText(field, example);
  if (path === undefined) return undefined;
  const fix = `Write ${field.key} = "${example}", an absolute path, or one relative to the folder of cdktf.json.`;
  if (/^~[^/]/.test(path) || path === '~') {
    return field.refuse(`is not a path, got: ${show(path)}`, 'Only `~/` is known: the home of whoever deploys.', fix);
  }
  if (path === '' || path.startsWith('-') || path.trim() !== path || hasControls(path)) {
    return field.refuse(
      `is not a path, got: ${show(path)}`,
      'An empty path, blanks around it, control characters and a leading `-` are mistakes.',
      fix,
    );
  }
  return path;
}
