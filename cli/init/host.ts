import { printable } from '../../bootstrap/foreign-text';
import { renderHclAttribute } from '../../constructs/render/hcl';
import type { SshSettings } from '../../contract/settings';
import type { Given } from '../command';
import type { Context, Terminal } from '../context';
import { FAILED, WELL, WrongUse } from '../exit';
import { PROGRAM } from '../help';
import { Answers } from './answers';
import { settleCaFile, writeCaFile } from './ca-file';
import {
  checkEndpoint,
  checkHost,
  checkHostKey,
  checkIdentity,
  checkName,
  checkPort,
  checkPreset,
  checkRole,
  checkUser,
} from './checks';
import { choose } from './choose';
import { settleEndpoint } from './endpoint';
import { settleHostKey } from './host-key';
import { addCluster } from './insert';
import { loggingIn } from './login';
import { caFileOf, renderEntry } from './new-entry';
import { type NodeFacts, readNode } from './node';
import { checkTarget, openTarget, writeTarget } from './target';

const TIMEOUTS = { connect: 20, command: 60, lock: 60 };

/** From a host name to an entry: looks at the node, asks what it cannot know, and writes the env file. */
export async function initFromHost(host: string, given: Given, context: Context): Promise<number> {
  const { folder, terminal, signal } = context;
  const answers = new Answers(given, terminal, signal);
  const wish = readWish(host, given, answers);
  const name = answers.checked('env', checkName) ?? 'lab';
  await openTarget(folder, name);
  const key = wish.host_key ? undefined : await settleHostKey(wish, answers, context);
  const ssh = { ...wish, host_key: wish.host_key ?? key?.fingerprint };
  const { value: facts, typed } = await loggingIn(context, ssh.user, (logged) => readNode(ssh, logged));
  tellOf(facts, ssh, terminal);
  const api = await settleEndpoint(suggest(key?.host ?? host), facts.ca, given, answers, context);
  const target = await openTarget(folder, name);
  const chosen = await choose(host, facts, target, answers, terminal);
  const entry = renderEntry(chosen, facts, api, ssh);
  const text = addCluster(target.text, chosen.name, entry, target.json);
  await checkTarget(target, text);
  const caFile = api.fetched === undefined ? undefined : caFileOf(chosen.name);
  if (api.fetched && caFile) await settleCaFile(folder, caFile, api.fetched, answers);
  for (const line of renderHclAttribute(chosen.name, entry).trimEnd().split('\n')) terminal.note(`  ${line}`);
  if (!(await answers.agree(`Add this to ${target.shown}?`))) {
    terminal.note('Nothing was written.');
    return FAILED;
  }
  signal.throwIfAborted();
  if (api.fetched && caFile) await writeCaFile(folder, caFile, api.fetched);
  await writeTarget(target, text);
  terminal.print(`${target.shown}: cluster ${chosen.name} added`);
  if (caFile) terminal.print(`${caFile}: the CA of the cluster`);
  if (typed) terminal.note(`A deploy logs in as well: set ${typed}, or authorize a key on the node with ssh-copy-id.`);
  for (const command of ['doctor', 'deploy']) terminal.print(`next: ${PROGRAM} ${command} ${name}`);
  return WELL;
}

/** How to reach the node, with every option checked before anything is done. */
function readWish(host: string, given: Given, answers: Answers): SshSettings & { readonly user: string } {
  const complaint = checkHost(host);
  if (complaint !== undefined) throw new WrongUse(`${host} ${complaint}.`);
  answers.checked('endpoint', checkEndpoint);
  answers.checked('identity', checkIdentity);
  answers.checked('preset', checkPreset);
  answers.checked('role', checkRole);
  answers.checked('name', checkName);
  if (given.flag('insecure') && (given.value('ca') !== undefined || given.flag('fetch-ca')))
    throw new WrongUse('`--insecure` checks no certificate: it stands beside neither `--ca` nor `--fetch-ca`.');
  const port = answers.checked('port', checkPort);
  const settings = {
    host,
    port: port === undefined ? undefined : Number(port),
    user: answers.checked('user', checkUser) ?? 'root',
    identity_file: given.value('identity-file'),
    host_key: answers.checked('host-key', checkHostKey),
    jump: given.value('jump'),
    timeouts: TIMEOUTS,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as typeof settings;
}

const suggest = (host: string): string => `https://${host.includes(':') ? `[${host}]` : host}:8006`;

const SHOWN = 10;

function tellOf({ node, cluster, release, found }: NodeFacts, { host, user }: SshSettings, terminal: Terminal): void {
  const version = release === undefined ? 'Proxmox VE' : `Proxmox VE ${release}`;
  const where = cluster === undefined ? 'in no cluster' : `in cluster ${cluster}`;
  terminal.note(`logged in as ${user} on ${node ?? host}: ${version}, ${where}`);
  const list = (kind: string, all: readonly string[]) => {
    const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
    const shown = all.slice(0, SHOWN).map((one) => printable(one, 200));
    terminal.note(`  ${kind}: ${shown.join(', ') || 'none'}${more}`);
  };
  list('users', [...found.users.keys()].sort());
  list('tokens', [...found.tokens.keys()].sort());
}
