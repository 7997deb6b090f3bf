import { counted, finding } from './remarks';
import type { Remark } from './row';

/** What a sight is judged by. */
export interface Measure {
  readonly environment: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Days before its end at which a token is told of. */
  readonly warnDays: number;
}

/** The end of a token, in the parts that a row has. */
export interface Expiry {
  readonly expire: number;
  readonly days?: number;
}

const DAY = 86_400;

export function expiryOf(expire: number, { now }: Measure): Expiry {
  return expire === 0 ? { expire } : { expire, days: Math.floor((expire - now / 1000) / DAY) };
}

export function remarksOnExpiry({ expire, days }: Expiry, { environment, warnDays }: Measure): Remark[] {
  if (days === undefined || days >= warnDays) return [];
  const date = new Date(expire * 1000).toISOString().slice(0, 10);
  const when = days === 0 ? 'within a day' : `in ${counted(days, 'day')}`;
  const text = `The token ${days < 0 ? `ended on ${date}` : `ends ${when}, on ${date}`}.`;
  const fix = 'Set a later `expire` in the env file, then deploy.';
  return [finding(days < 0 ? 'expired' : 'expires-soon', `${text} ${fix}`, `proxmox-tokens deploy ${environment}`)];
}
