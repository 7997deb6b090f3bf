import { resolve } from 'node:path';
import { describeCertificate } from '../../bootstrap/certificate';
import { readCa } from '../../bootstrap/program';
import { reachApi } from '../../bootstrap/verify';
import { Refusal } from '../../contract/refusal';
import type { Given } from '../command';
import type { Context, Terminal } from '../context';
import type { Answers } from './answers';
import { checkEndpoint } from './checks';
import { apiElsewhere, certificateUntrusted } from './refusals';

/** How consumers reach the API, and what vouches for it. */
export interface SettledEndpoint {
  readonly endpoint: string;
  readonly insecure: boolean;
  /** The path of a CA file that is there. */
  readonly caFile?: string;
  /** Certificates that are to be written into a file of ours. */
  readonly fetched?: string;
}

/** Tries the API as a deploy will. Throws a Refusal where it is not reached, or where nothing vouches for it and nobody gives up on that. */
export async function settleEndpoint(
  suggested: string,
  ca: string | undefined,
  given: Given,
  answers: Answers,
  context: Context,
): Promise<SettledEndpoint> {
  const caFile = given.value('ca');
  const own = { endpoint: '', insecure: false, ca_file: caFile };
  const trusted = caFile && (await readCa(own, resolve(context.folder), context.machine.home));
  const { terminal } = context;
  for (let endpoint = answers.checked('endpoint', checkEndpoint) ?? suggested; ; ) {
    terminal.progress(`${endpoint}: trying the API`);
    const refused = await tryApi(endpoint, trusted);
    if (refused === undefined) return { endpoint, insecure: false, ...(caFile && { caFile }) };
    if (refused.code === 'API_UNTRUSTED') {
      const settled = await settleTrust(endpoint, refused, caFile ? undefined : ca, given, answers, context);
      if (settled !== undefined) return settled;
    } else if (!answers.canAsk) throw apiElsewhere(refused);
    else terminal.note(refused.what);
    endpoint = await askForAnother(refused, answers, terminal);
  }
}

async function tryApi(endpoint: string, ca: string | undefined): Promise<Refusal | undefined> {
  try {
    await reachApi({ endpoint, insecure: false, ...(ca && { ca }) });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Undefined: under this address nothing is to be trusted, but perhaps under another. */
async function settleTrust(
  endpoint: string,
  refused: Refusal,
  ca: string | undefined,
  given: Given,
  answers: Answers,
  { terminal }: Context,
): Promise<SettledEndpoint | undefined> {
  if (given.flag('insecure')) return { endpoint, insecure: true };
  const byCa = ca === undefined ? refused : await tryApi(endpoint, ca);
  const fits = byCa === undefined;
  const said = given.flag('fetch-ca') || given.flag('yes');
  if (!answers.canAsk && !(fits && said)) throw certificateUntrusted(byCa ?? refused, fits);
  terminal.note(`${endpoint}: its certificate is ${(await describeCertificate(endpoint)) ?? 'not shown'}`);
  if (fits && (said || (answers.canAsk && (await wantsCa(answers, terminal))))) {
    return { endpoint, insecure: false, fetched: ca };
  }
  if (!fits) terminal.note(byCa.what);
  if (await answers.trust('Go on without checking the certificate (insecure = true)?'))
    return { endpoint, insecure: true };
  if (fits) throw certificateUntrusted(refused, true);
  return undefined;
}

function wantsCa(answers: Answers, terminal: Terminal): Promise<boolean> {
  terminal.note("That is the cluster's own CA. Its certificate was fetched over the SSH connection.");
  return answers.agree('Trust it for this endpoint, and keep it in env/ca/?');
}

async function askForAnother(refused: Refusal, answers: Answers, terminal: Terminal): Promise<string> {
  for (;;) {
    const answer = await answers.ask('Another address of the API, or empty to stop:');
    if (answer === '')
      throw refused.code === 'API_UNTRUSTED' ? certificateUntrusted(refused, false) : apiElsewhere(refused);
    const complaint = checkEndpoint(answer);
    if (complaint === undefined) return answer;
    terminal.note(`${answer} ${complaint}`);
  }
}
