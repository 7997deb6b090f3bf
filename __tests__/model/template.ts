import { createHash } from 'node:crypto';

/** `(known after apply)` */
export const UNKNOWN = Symbol('known after apply');

/** What an expression may refer to. */
export interface Scope {
  /** The object at an address such as `null_resource.nuc_token`, `self` or `each`; its attributes may be `UNKNOWN`. */
  object(address: string): unknown;
  readFile(path: string): string | undefined;
}

const REFERENCE =
  /^(self|each|null_resource\.[\w-]+|data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+)((?:\.\w+)*)$/;

/**
 * Evaluates a template: just the expressions that the constructs write. Any other is an error, so that a change of the
 * constructs which this double does not know cannot pass unnoticed.
 */
export function evaluate(template: string, scope: Scope): unknown {
  const parts = split(template).map((part) => (part.expression ? value(part.text, scope) : part.text));
  if (parts.length === 1) return parts[0];
  return parts.includes(UNKNOWN) ? UNKNOWN : parts.map(String).join('');
}

function value(expression: string, scope: Scope): unknown {
  const sensitive = /^sensitive\(fileexists\("(.*)"\) \? file\("(.*)"\) : ""\)$/.exec(expression);
  if (sensitive?.[1] !== undefined && sensitive[1] === sensitive[2]) {
    const path = evaluate(sensitive[1], scope);
    return path === UNKNOWN ? UNKNOWN : (scope.readFile(String(path)) ?? '');
  }
  const hash = /^sha256\(join\(",", \[(.*)\]\)\)$/.exec(expression);
  if (hash?.[1] !== undefined) {
    const ids = hash[1] === '' ? [] : hash[1].split(', ').map((reference) => value(reference, scope));
    return ids.includes(UNKNOWN) ? UNKNOWN : createHash('sha256').update(ids.join(',')).digest('hex');
  }
  const json = /^jsonencode\((.*)\)$/.exec(expression);
  if (json?.[1] !== undefined) return JSON.stringify(value(json[1], scope));
  return follow(expression, scope);
}

function follow(expression: string, scope: Scope): unknown {
  const [, address, path = ''] = REFERENCE.exec(expression) ?? [];
  if (address === undefined) throw new Error(`the engine double does not know the expression ${expression}`);
  const names = path.split('.').filter((name) => name !== '');
  return names.reduce((found, name) => {
    if (found === UNKNOWN) return UNKNOWN;
    if (typeof found === 'object' && found !== null && name in found) return Object(found)[name];
    throw new Error(`unsupported attribute: ${expression} has no ${name}`);
  }, scope.object(address));
}

interface Part {
  readonly text: string;
  readonly expression: boolean;
}

/** Text and `${…}` in turn; an expression may hold templates in its quotes. */
function split(template: string): Part[] {
  const parts: Part[] = [];
  let rest = template;
  for (;;) {
    const start = rest.indexOf('${');
    if (start < 0) return rest === '' && parts.length > 0 ? parts : [...parts, { text: rest, expression: false }];
    if (start > 0) parts.push({ text: rest.slice(0, start), expression: false });
    const end = closing(rest, start + 2);
    parts.push({ text: rest.slice(start + 2, end), expression: true });
    rest = rest.slice(end + 1);
  }
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`an expression is not closed: ${text}`);
}
