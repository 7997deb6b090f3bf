import { basename } from 'node:path';
import { checkEnvironment } from './check';
import type { Environment } from './entry';
import { type RepeatedKey, SourceLines, unclosed } from './lines';
import { commentHoldsSecret, findSecretLines, HOLDS_SECRET } from './literals';
import { parseHcl, parseJson } from './parse';
import { type Path, renderPath } from './place';
import type { Problem } from './problem';

/** What env files are called. */
export const ENDING = /\.tfvars(\.json)?$/;

/** The text of an env file, checked. Apart from the file system, so that other sources can be checked the same way. */
export async function checkText(file: string, text: string): Promise<Environment | Problem[]> {
  const parsed = await (file.endsWith('.json') ? parseJson(text) : parseHcl(text));
  if ('fault' in parsed) return withComments(file, text, [unclosedIn(file, text) ?? faultOf(file, parsed.fault)]);
  const lines = new SourceLines(text);
  const found = checkEnvironment(basename(file).replace(ENDING, ''), lines.inFileOrder(parsed.values), file, lines);
  // Within something that is listed twice, everything is.
  const isOuter = ({ path }: RepeatedKey) => !lines.repeated.some((other) => isBelow(path, other.path));
  const repeated = lines.repeated.filter(isOuter).map(({ path, line, firstLine }) => ({
    place: `${file}:${line}: ${renderPath(path)}`,
    line,
    what: `is listed twice, first in line ${firstLine}`,
    why: 'Only the later one would count, without a word.',
    fix: 'Take one out.',
  }));
  const problems = withComments(file, text, [...(Array.isArray(found) ? found : []), ...repeated]);
  return Array.isArray(found) || problems.length > 0 ? problems : found;
}

function isBelow(path: Path, outer: Path): boolean {
  return path.length > outer.length && outer.every((key, index) => key === path[index]);
}

/** The parser would name the line at which it missed the closing one: mostly the last. */
function unclosedIn(file: string, text: string): Problem | undefined {
  const open = unclosed(text);
  if (open === undefined) return undefined;
  const { bracket, line } = open;
  return {
    place: `${file}:${line}`,
    line,
    what: `cannot be read: the \`${bracket}\` that opens here is never closed`,
    why: 'Everything below belongs to it, up to the end of the file.',
    fix: `Close what opens in line ${line}, or a bracket inside it.`,
  };
}

const faultOf = (file: string, { line, what }: { line?: number; what: string }): Problem => ({
  place: line === undefined ? file : `${file}:${line}`,
  ...(line !== undefined && { line }),
  what: `cannot be read: ${what}`,
  why: 'The text is not shown here, since it may hold a secret.',
  fix: line === undefined ? 'Correct the file.' : `Correct line ${line}, or the one before it.`,
});

/** Adds the lines whose secret stands outside of every value, and sorts. */
function withComments(file: string, text: string, problems: readonly Problem[]): Problem[] {
  const known = problems.filter(({ what }) => what === HOLDS_SECRET).map(({ line }) => line);
  const lines = findSecretLines(text).filter((line) => !known.includes(line));
  const comments = lines.map((line) => ({ place: `${file}:${line}`, line, ...commentHoldsSecret }));
  return [...problems, ...comments].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
