/** What becomes of a terraform.tfvars whose secrets are out. Pure: asks nobody, reads nothing. */
import { isMap, type Values } from '../../constructs/input/field';
import { renderHclAttribute } from '../../constructs/render/hcl';
import { renderJson } from '../../constructs/render/json';
import type { Value } from '../../constructs/render/value';
import { checkIdentity } from '../../contract/identifiers';
import type { Access } from './access';
import { HEAD } from './insert';
import { type Statement, statementsOf } from './statements';

const OURS = ['proxmox', 'bootstrap', 'output'];

export interface Taken {
  readonly shape: 'map' | 'token';
  /** The tokens, in the order of the file. */
  readonly identities: readonly string[];
  /** Variables that no env file holds. */
  readonly others: readonly string[];
  /** Keys of the user's own that look like a secret: `nuc.password`. */
  readonly suspicious: readonly string[];
}

const SUSPICIOUS = /secret|passw|credential|private_?key/i;

/** What a file holds; undefined where it is neither guide's. */
export function recognize(values: Values): Taken | undefined {
  const others = Object.keys(values).filter((key) => !OURS.includes(key));
  if (isMap(values.proxmox)) {
    const entries = Object.entries(values.proxmox).filter((entry): entry is [string, Values] => isMap(entry[1]));
    const identities = entries.flatMap(([, { api_token: token }]) => (typeof token === 'string' ? [token] : []));
    const suspicious = entries.flatMap(([name, entry]) =>
      Object.keys(entry).flatMap((key) => (SUSPICIOUS.test(key) ? [`${name}.${key}`] : [])),
    );
    return { shape: 'map', identities, others, suspicious };
  }
  const tokens = others.filter((key) => isIdentity(values[key]));
  const [variable] = tokens;
  if (variable === undefined || tokens.length > 1) return undefined;
  const rest = others.filter((key) => key !== variable);
  return { shape: 'token', identities: [String(values[variable])], others: rest, suspicious: [] };
}

const isIdentity = (value: unknown): boolean => typeof value === 'string' && checkIdentity(value) === undefined;

/** The map, as it stands in the file: comments, order and keys are kept; other variables are cut out. */
export function keepMap(
  text: string,
  values: Values,
  access: Access | undefined,
  json: boolean,
  remove = cutOut,
): string {
  const defaults = access === undefined || values.bootstrap !== undefined ? {} : { bootstrap: access };
  if (json) {
    const kept = Object.fromEntries(Object.entries(values).filter(([key]) => OURS.includes(key)));
    return `${renderJson({ ...kept, ...defaults } as Value)}\n`;
  }
  const others = statementsOf(text).filter(({ key }) => !OURS.includes(key));
  const kept = [...others].reverse().reduce(remove, text).trimEnd();
  const added = Object.entries(defaults).map(([key, value]) => `\n${renderHclAttribute(key, value)}`);
  return `${kept}\n${added.join('')}`;
}

/** With its lines, and the comment right above them. */
function cutOut(text: string, { start, end }: Statement): string {
  const newline = text.indexOf('\n', end);
  const before = text.slice(0, text.lastIndexOf('\n', start) + 1).replace(/(?:^[^\S\n]*(?:#|\/\/)[^\n]*\n)+$/m, '');
  return before + (newline < 0 ? '' : text.slice(newline + 1));
}

/** Leaves its line ends: a line below keeps its number. */
export function blankOut(text: string, { start, end }: Statement): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, '') + text.slice(end);
}

/** One token becomes a map of one cluster, and an output of the same variable. */
export function makeMap(name: string, entry: Value, variable: string, json: boolean): string {
  const output = { format: 'token', ...(variable !== 'proxmox_api_token' && { variable }) };
  const proxmox = { [name]: entry };
  if (json) return `${renderJson({ proxmox, output })}\n`;
  return `${HEAD}${renderHclAttribute('proxmox', proxmox)}\n${renderHclAttribute('output', output)}`;
}

/** What the other variables tell of the one node. */
export function guess(values: Values): {
  readonly endpoint?: string;
  readonly insecure: boolean;
  readonly username: string;
} {
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const urls = texts.flatMap(([, text]) =>
    /^https:\/\/[^\s]+$/.test(text) && URL.canParse(text) ? [new URL(text)] : [],
  );
  const origins = new Set(urls.map(({ hostname, port }) => `https://${hostname}${port && `:${port}`}`));
  const [endpoint] = origins;
  const [, username] = texts.find(([key]) => /(?:ssh_user|username)$/.test(key)) ?? [];
  return {
    ...(origins.size === 1 && { endpoint }),
    insecure: Object.entries(values).some(([key, value]) => /insecure/.test(key) && value === true),
    username: username?.replace(/@.*$/, '') ?? 'root',
  };
}
