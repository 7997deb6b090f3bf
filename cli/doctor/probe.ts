import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Api, reachApi } from '../../bootstrap/verify';
import type { ClusterEntry } from '../../constructs/input/entry';
import { apiOf } from '../api';
import type { Context } from '../context';
import { type Settled, settle } from '../settled';
import { NotLookedAt } from './check';

/** What was seen at the endpoint of an entry, without any credential. */
export interface ApiSight {
  readonly insecure: boolean;
  readonly endpoint: string;
  /** Throws where no deploy would get through: the refusal that it would end with. */
  readonly reached: Settled<void>;
  readonly answer: Settled<ApiAnswer>;
}

export interface ApiAnswer {
  /** The end of its certificate, in milliseconds since the epoch. */
  readonly validTo: number;
  /** The clock of the node, in milliseconds since the epoch; absent where the answer has no `Date`. */
  readonly date?: number;
  /** When the answer came, by our clock. */
  readonly at: number;
}

const SECONDS = 15;

export async function lookAtApi(entry: ClusterEntry, context: Context): Promise<ApiSight> {
  const api = await apiOf(entry, context);
  if (api === undefined) throw new NotLookedAt('the entry says verify = false');
  const { endpoint, insecure } = api;
  const reached = await settle(() => reachApi(api));
  return { endpoint, insecure, reached, answer: await settle(() => askOnce(api, context.clock.now)) };
}

function askOnce({ endpoint, insecure, ca }: Api, now: () => number): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(SECONDS * 1000);
    const call = request(endpoint, { ca, rejectUnauthorized: !insecure, agent: false, signal });
    call.on('response', (response) => {
      const { valid_to: end } = (response.socket as TLSSocket).getPeerCertificate();
      const date = Date.parse(response.headers.date ?? '');
      resolve({ validTo: Date.parse(end), at: now(), ...(Number.isNaN(date) ? {} : { date }) });
      response.destroy();
    });
    call.on('error', reject).end();
  });
}
