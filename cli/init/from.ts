import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { isMap, type Values } from '../../constructs/input/field';
import { parseHcl, parseJson } from '../../constructs/input/parse';
import { InvalidInput, type Problem } from '../../constructs/input/problem';
import { redact } from '../../constructs/input/redact';
import { checkText } from '../../constructs/input/text';
import { errorCode } from '../../contract/error-code';
import type { Given } from '../command';
import type { Context, Terminal } from '../context';
import { envFile } from '../env-file/write';
import { ENV_FOLDER } from '../environments';
import { FAILED, WELL, WrongUse } from '../exit';
import { PROGRAM } from '../help';
import { chooseAccess } from './access';
import { Answers } from './answers';
import { checkName } from './checks';
import { takeToken } from './one-token';
import { envExists, fileUnreadable, notAGuidesFile, oneClusterAlone } from './refusals';
import { stripSecrets } from './strip';
import { blankOut, keepMap, recognize, type Taken } from './take-over';
import { checkTarget, type Target, writeTarget } from './target';

/** The options that are for a node alone. */
const OF_A_NODE = ['host-key', 'port', 'identity-file', 'jump', 'ca', 'fetch-ca', 'identity'];

/** From a hand-made terraform.tfvars to an env file: secrets out, identities and everything else kept. Connects to nobody. */
export async function initFromFile(file: string, given: Given, context: Context): Promise<number> {
  const { folder, terminal, signal } = context;
  const answers = new Answers(given, terminal, signal);
  const other = OF_A_NODE.find((option) => given.value(option) !== undefined || given.flag(option));
  if (other !== undefined) throw new WrongUse(`\`--${other}\` is for a host, not for \`--from\`.`);
  const name = answers.checked('env', checkName) ?? 'lab';
  const target = newTarget(folder, name, file.endsWith('.json'));
  const { text: bare, count } = stripSecrets(await readSource(resolve(folder, file), file));
  const values = await parse(file, bare);
  const taken = recognize(values);
  if (isMap(values.proxmox) && typeof values.proxmox.api_token === 'string') throw oneClusterAlone(file);
  if (taken === undefined) throw notAGuidesFile(file);
  const text =
    taken.shape === 'map'
      ? await takeMap(file, target, bare, values, taken, answers, context)
      : await takeToken(file, values, taken, given, answers, context);
  await checkTarget(target, text);
  tellOf(file, count, taken, text, terminal);
  if (taken.others.length === 0) tellOfOutput(file, name, context);
  if (!(await answers.agree(`Write ${target.shown}?`))) {
    terminal.note('Nothing was written.');
    return FAILED;
  }
  signal.throwIfAborted();
  await writeTarget(target, text);
  terminal.print(
    `${target.shown}: written, ${taken.identities.length === 1 ? '1 token' : `${taken.identities.length} tokens`}`,
  );
  for (const command of ['doctor', 'deploy']) terminal.print(`next: ${PROGRAM} ${command} ${name}`);
  return WELL;
}

function newTarget(folder: string, name: string, json: boolean): Target {
  const there = envFile(folder, name);
  if (existsSync(there)) throw envExists(relative(folder, there));
  const path = json ? `${there}.json` : there;
  return { name, file: relative('', path), shown: relative(folder, path), json, clusters: [] };
}

async function readSource(path: string, file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const code = errorCode(error);
    throw fileUnreadable(file, code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8 text' : code);
  }
}

async function parse(file: string, text: string): Promise<Values> {
  const parsed = await (file.endsWith('.json') ? parseJson(text) : parseHcl(text));
  if ('values' in parsed && isMap(parsed.values)) return parsed.values;
  const found = await checkText(file, text);
  throw Array.isArray(found) ? new InvalidInput(file, found) : notAGuidesFile(file);
}

async function takeMap(
  file: string,
  target: Target,
  bare: string,
  values: Values,
  { identities }: Taken,
  answers: Answers,
  { terminal }: Context,
): Promise<string> {
  const { json } = target;
  const access = values.bootstrap === undefined ? await chooseAccess(identities, answers, terminal) : undefined;
  const text = keepMap(bare, values, access, json);
  const found = json ? [] : await checkText(target.file, keepMap(bare, values, access, json, blankOut));
  // In the lines of the file that people have, not of the one that is not written.
  const named = ({ place, ...rest }: Problem) => ({ ...rest, place: place.replace(target.file, () => file) });
  if (Array.isArray(found) && found.length > 0) throw new InvalidInput(file, found.map(named));
  return text;
}

/** What was done with the file, and what it could not tell. No word of it is a secret. */
function tellOf(file: string, count: number, { others, suspicious }: Taken, text: string, { note }: Terminal): void {
  note(
    `${file}: ${count === 1 ? '1 secret' : `${count} secrets`} left out, the identities kept. The file itself stays as it is.`,
  );
  const list = (names: readonly string[]) => names.map((name) => redact(name)).join(', ');
  if (others.length > 0)
    note(`Not taken over, since it is not about clusters: ${list(others)}. Keep that in a file of its own.`);
  if (suspicious.length > 0)
    note(`Looks like a secret, and an env file is committed: ${list(suspicious)}. Take it out by hand.`);
  if (text.includes('manage_access')) note('User, role and ACL stay as they are on the nodes (manage_access = false).');
  note('Host keys are not pinned: known_hosts decides, until `ssh = { host_key = "SHA256:..." }` stands in an entry.');
}

/** Consumers read a file that a deploy does not write, unless it is told to. */
function tellOfOutput(file: string, name: string, { folder, terminal }: Context): void {
  const [own, here] = [`${ENV_FOLDER}/${name}/terraform.tfvars`, relative(folder, resolve(folder, file))];
  if (here === own) return;
  terminal.note(
    `A deploy writes ${own}. To have it write ${here} instead, set file = ${JSON.stringify(here)} in \`output\`.`,
  );
}
