import { createHash } from 'node:crypto';

/** `(known after apply)` */
export const UNKNOWN = Symbol('known after apply');

/** What an expression may refer to. */
export interface Scope {
  /** The object at an address such as `null_resource.nuc_token` or `self`; its attributes may be `UNKNOWN`. */
  object(address: string): unknown;
  readFile(path: string): string | undefined;
}

const FILE = /^sensitive\(fileexists\("(.*)"\) \? file\("\1"\) : ""\)$/;
const HASH = /^sha256\(join\(",", \[(.*)\]\)\)$/;
/** What an output says once a file is made. */
const WRITTEN = /^local_sensitive_file\.[\w-]+\.id == "" \? "" : "(.*)"$/;
const JSON_TEXT = /^jsonencode\((.*)\)$/;
const REFERENCE = /^(self|null_resource\.[\w-]+|data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+)((?:\.\w+)*)$/;

/**
 * Evaluates a template: just the expressions that the constructs write. Any other is an error, so that a change of the
 * constructs which this double does not know cannot pass unnoticed.
 */
export function evaluate(template: string, scope: Scope): unknown {
  const start = template.indexOf('${');
  if (start < 0) return template;
  const end = closing(template, start + 2);
  const value = valueIn(template.slice(start + 2, end), scope);
  if (start === 0 && end === template.length - 1) return value;
  const rest = evaluate(template.slice(end + 1), scope);
  return value === UNKNOWN || rest === UNKNOWN ? UNKNOWN : template.slice(0, start) + String(value) + String(rest);
}

function valueIn(expression: string, scope: Scope): unknown {
  const [, file] = FILE.exec(expression) ?? [];
  if (file !== undefined) {
    const path = evaluate(file, scope);
    return path === UNKNOWN ? UNKNOWN : (scope.readFile(String(path)) ?? '');
  }
  const [, list] = HASH.exec(expression) ?? [];
  if (list !== undefined) {
    const ids = list.split(', ').map((reference) => reference && valueIn(reference, scope));
    return ids.includes(UNKNOWN) ? UNKNOWN : createHash('sha256').update(ids.join()).digest('hex');
  }
  const [, written] = WRITTEN.exec(expression) ?? [];
  if (written !== undefined) return written;
  const [, json] = JSON_TEXT.exec(expression) ?? [];
  if (json !== undefined) return JSON.stringify(valueIn(json, scope));
  const [, address, path = ''] = REFERENCE.exec(expression) ?? [];
  if (address === undefined) throw new Error(`the engine double does not know the expression ${expression}`);
  return path
    .split('.')
    .filter(Boolean)
    .reduce((found, name) => {
      if (found === UNKNOWN) return UNKNOWN;
      if (typeof found === 'object' && found !== null && name in found) return Object(found)[name];
      throw new Error(`unsupported attribute: ${expression} has no ${name}`);
    }, scope.object(address));
}

/** An expression may hold templates in its quotes. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0;
    if (depth === 0) return at;
  }
  throw new Error(`an expression is not closed: ${text}`);
}
