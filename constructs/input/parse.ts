/** Text to values. The parsers quote the source in their errors; here only line and kind of an error get through. */
import { parse } from '@cdktf/hcl2json';

export interface SyntaxFault {
  readonly line?: number;
  /** In the words of the parser where those cannot hold a piece of the source. */
  readonly what: string;
}

export type Parsed = { readonly values: unknown } | { readonly fault: SyntaxFault };

/** The name that the parser puts in front of its positions. */
const NAME = 'input.tfvars';

export async function parseHcl(text: string): Promise<Parsed> {
  try {
    return { values: await parse(NAME, text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const [, line, title = ''] = /input\.tfvars:(\d+),[\d,:-]*: ([^;]*);/.exec(message) ?? [];
    // A title of letters alone cannot hold a secret: every UUID of version 4 has a digit in it.
    const plain = /^[A-Za-z -]{1,60}$/.test(title) && !text.includes(title);
    return { fault: { ...(line && { line: Number(line) }), what: plain ? title.toLowerCase() : 'syntax error' } };
  }
}

export async function parseJson(text: string): Promise<Parsed> {
  try {
    return { values: JSON.parse(text) as unknown };
  } catch {
    // JSON is nearly an HCL expression, and the HCL parser knows lines.
    const hcl = await parseHcl(`x = ${text}`);
    const line = 'fault' in hcl ? hcl.fault.line : undefined;
    return { fault: { ...(line && { line }), what: 'is not JSON' } };
  }
}
