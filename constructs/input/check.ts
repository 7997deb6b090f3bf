/** From raw values to a checked entry or environment. Pure: nothing here reads a file, a clock or the machine. */
import { parseIdentity } from '../../contract/identifiers';
import { readAccess } from './access';
import { findConflicts } from './conflicts';
import { readEndpoint } from './endpoint';
import type { ClusterEntry, Environment, Json } from './entry';
import { Field, isMap, type Values } from './field';
import { refuseNonLiterals } from './literals';
import { refuseNearMisses, refuseReservedName, refuseTwins, refuseWrongName } from './names';
import { nearest } from './nearest';
import { readOutputs } from './output';
import type { Lines, Place } from './place';
import { readGeneration, readIdentity, readOnExisting, readRemoval, readRetain, readVerify } from './policy';
import { type Problem, Problems } from './problem';
import { kindOf, readFlag, readMap } from './readers';
import { readSsh, SSH_KEYS } from './ssh';

export type { Place, Problem };

const TOP_KEYS = ['proxmox', 'bootstrap', 'output'] as const;
export const BOOTSTRAP_KEYS = [
  ...['role', 'preset', 'privileges', 'acl', 'manage_access', 'change_others', 'privilege_separation', 'expire'],
  ...['comment', 'generation', 'retain', 'on_existing', 'removal', 'verify', 'ca_file', 'ssh'],
];
const TAKE_OVER =
  "Move it out of `env`. If it is a consumer's terraform.tfvars, `npx proxmox-tokens init --from FILE` makes an env file of it.";
/** Good as it stands. */
const EXAMPLE_ENTRY =
  '{ endpoint = "https://nuc.example.net:8006", api_token = "opentofu@pve!opentofu-token", ' +
  'bootstrap = { role = "opentofu-role", preset = "opentofu" } }';

/**
 * Checks one entry, given with the keys that it has in an env file; `defaults` is the file's `bootstrap`, if any.
 * Returns every problem at once.
 */
export function checkEntry(name: string, raw: unknown, defaults: unknown, place: Place): ClusterEntry | Problem[] {
  const problems = new Problems();
  const defaultsPlace = { ...place, path: ['bootstrap'] };
  const entry = readEntry(name, Field.of(raw, place, problems), Field.of(defaults, defaultsPlace, problems));
  return problems.none && entry ? entry : problems.list;
}

/** Checks a whole env file. `file` is what messages call it; with `lines` they name the line too. */
export function checkEnvironment(name: string, raw: unknown, file: string, lines?: Lines): Environment | Problem[] {
  const problems = new Problems();
  const top = Field.of(raw, { source: file, path: [], lines }, problems);
  const keys = isMap(raw) ? Object.keys(raw) : [];
  if (keys.length > 0 && !keys.some((key) => nearest(key, TOP_KEYS) !== undefined)) {
    top.refuse('is not an env file', `It has none of the keys ${TOP_KEYS.join(', ')}.`, TAKE_OVER);
    return problems.list;
  }
  refuseNonLiterals(top);
  refuseWrongName(top, name, 'The name of the file becomes the name of the stack.');
  if (!isMap(raw)) {
    top.refuse(`is ${kindOf(raw)}, not a map`, 'Its keys are the variables.', 'Write { "proxmox": {} }.');
    return problems.list;
  }
  readMap(top, TOP_KEYS, '{}');
  const defaults = readDefaults(top.at('bootstrap'));
  const clusters = readClusters(top.at('proxmox'), defaults);
  const outputs = readOutputs(top.at('output'), name, file, Object.keys(asMap(top.at('proxmox').value)));
  return problems.none ? { name, clusters, outputs } : problems.list;
}

function readDefaults(field: Field): Field {
  const defaults = readMap(field, BOOTSTRAP_KEYS, '{ preset = "opentofu" }');
  if (defaults) readMap(defaults.at('ssh'), SSH_KEYS, '{ user = "root" }');
  return defaults ?? field.without();
}

function readClusters(field: Field, defaults: Field): ClusterEntry[] {
  const fix =
    `\`npx proxmox-tokens init HOST\` writes it for a node of yours. By hand: proxmox = { nuc = ${EXAMPLE_ENTRY} }. ` +
    'To remove every cluster that was deployed: proxmox = {}.';
  if (!isMap(field.value)) {
    const what = field.given ? `is ${kindOf(field.value)}, not a map` : 'is missing';
    field.refuse(what, 'It is the map of clusters: a name for each, and what the consumer is to know of it.', fix);
    return [];
  }
  const names = Object.keys(field.value);
  refuseTwins(field, names);
  const found = names.map((name) => ({ field: field.at(name), entry: readEntry(name, field.at(name), defaults) }));
  const named = found.flatMap(({ field, entry }) => (entry ? [{ field, entry, name: `"${entry.name}"` }] : []));
  for (const { at, keys, what, why, fix } of findConflicts(named)) {
    keys.reduce((field, key) => field.at(key), at.field).refuse(what, why, fix);
  }
  return found.flatMap(({ entry }) => entry ?? []);
}

/** What it returns counts only if nothing was refused. */
function readEntry(name: string, field: Field, defaults: Field): ClusterEntry | undefined {
  refuseNonLiterals(field);
  refuseWrongName(field, name, 'Names of blocks derive from it.');
  refuseReservedName(field, name);
  const entry = readMapOfUser(field);
  if (!entry) return undefined;
  const endpoint = readEndpoint(entry.at('endpoint'));
  const insecure = readFlag(entry.at('insecure'), false);
  const identity = readIdentity(entry.at('api_token'));
  const bootstrap = readBootstrap(entry.at('bootstrap'), defaults);
  const verify = readVerify(bootstrap, endpoint?.url, insecure);
  return {
    name,
    attributes: attributesOf(asMap(entry.value)),
    identity: identity ?? '',
    ssh: readSsh(bootstrap, endpoint?.host, entry.at('username')),
    access: readAccess(bootstrap, identity && parseIdentity(identity).userid),
    onExisting: readOnExisting(bootstrap),
    removal: readRemoval(bootstrap),
    generation: readGeneration(bootstrap),
    retain: readRetain(bootstrap, identity),
    ...(verify && { verify }),
  };
}

/** Keys of the user's own pass through, so unknown ones are fine here, unless a known one was meant. */
function readMapOfUser(field: Field): Field | undefined {
  if (!isMap(field.value)) return readMap(field, [], EXAMPLE_ENTRY);
  refuseNearMisses(field, Object.keys(field.value));
  return field;
}

function readBootstrap(field: Field, defaults: Field): Field {
  const merged = field.over(defaults);
  return readMap(merged, BOOTSTRAP_KEYS, '{ preset = "opentofu" }') ?? field.without().over(defaults);
}

function attributesOf(entry: Values): Record<string, Json> {
  const kept = Object.entries(entry).filter(([key, value]) => key !== 'bootstrap' && value !== undefined);
  // Whatever is no JSON was refused as such.
  return Object.fromEntries(kept) as Record<string, Json>;
}

const asMap = (value: unknown): Values => (isMap(value) ? value : {});
