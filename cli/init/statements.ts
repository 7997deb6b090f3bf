import { TOKEN } from '../../constructs/input/lines';

/** A variable that a tfvars file sets, with its place in the text. */
export interface Statement {
  readonly key: string;
  readonly start: number;
  /** Behind the value, before a comment in the same line. */
  readonly end: number;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function* tokens(text: string, from = 0): Generator<Token> {
  const pattern = new RegExp(TOKEN.source, TOKEN.flags);
  pattern.lastIndex = from;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text))
    yield { text: found[0], start: found.index, end: pattern.lastIndex };
}

const isSpace = ({ text }: Token): boolean => /^[^\S\n]+$/.test(text);
export const isComment = (text: string): boolean => /^(?:#|\/\/|\/\*)/.test(text);
const depthOf = ({ text }: Token): number => (/^[{[(]$/.test(text) ? 1 : /^[}\])]$/.test(text) ? -1 : 0);

/** The variables of an HCL text, in its order. Made for text that parses. */
export function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  let depth = 0;
  let open: Statement | undefined;
  for (const token of tokens(text)) {
    if (isSpace(token) || isComment(token.text)) continue;
    depth += depthOf(token);
    if (depth === 0 && token.text === '\n') {
      if (open) statements.push(open);
      open = undefined;
    } else if (token.text !== '\n') {
      const { key, start } = open ?? { key: token.text, start: token.start };
      open = { key, start, end: token.end };
    }
  }
  return open ? [...statements, open] : statements;
}

/** Where the bracket stands that closes the one at `start`. */
export function closingOf(text: string, start: number): number {
  let depth = 0;
  for (const token of tokens(text, start)) {
    depth += depthOf(token);
    if (depth === 0) return token.start;
  }
  return text.length;
}

/** The text with each of its comments changed. */
export function changeComments(text: string, change: (comment: string) => string): string {
  return [...tokens(text)].map((token) => (isComment(token.text) ? change(token.text) : token.text)).join('');
}
