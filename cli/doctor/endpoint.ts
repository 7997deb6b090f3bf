import { type Check, codes, NotLookedAt } from './check';
import type { ClusterSubject } from './cluster';
import type { Found } from './finding';

const DAY = 86_400_000;
const WARN_DAYS = 30;
/** A request takes its time, and `Date` is in whole seconds. */
const SKEW_SECONDS = 60;

export const ENDPOINT_CHECKS: readonly Check<ClusterSubject>[] = [
  {
    name: 'endpoint',
    about: 'the API answers at `endpoint`',
    owns: codes('API_UNREACHABLE', 'CA_UNREADABLE'),
    find: async ({ api }) => {
      (await api()).reached();
      return [];
    },
  },
  {
    name: 'certificate',
    about: 'its certificate is trusted, and will be in 30 days',
    owns: codes('API_UNTRUSTED'),
    find: findCertificate,
  },
  { name: 'clock', about: "the node's clock and ours agree", find: findClock },
];

async function findCertificate({ api, context }: ClusterSubject): Promise<readonly Found[]> {
  const { endpoint, insecure, reached, answer } = await api();
  if (insecure) throw new NotLookedAt('the entry says insecure = true');
  reached();
  const { validTo } = answer();
  const days = Math.floor((validTo - context.clock.now()) / DAY);
  if (days >= WARN_DAYS) return [];
  return [
    {
      tier: 'warning',
      what: `The certificate of ${endpoint} ends in ${days} days, on ${new Date(validTo).toISOString().slice(0, 10)}.`,
      why: 'From then on consumers refuse it, and so does a deploy.',
      fix: 'Renew it on the node: `pvecm updatecerts` renews its own, `pvenode acme cert renew` one of ACME.',
      command: 'pvecm updatecerts',
    },
  ];
}

async function findClock({ api }: ClusterSubject): Promise<readonly Found[]> {
  const { reached, answer } = await api();
  reached();
  const { date, at } = answer();
  if (date === undefined) throw new NotLookedAt('the answer of the endpoint has no Date');
  const seconds = Math.round(Math.abs(at - date) / 1000);
  if (seconds <= SKEW_SECONDS) return [];
  return [
    {
      tier: 'warning',
      what: `The clock of the node is ${seconds} s ${at > date ? 'behind' : 'ahead of'} the one of this machine.`,
      why: 'The node ends tokens by its clock, and certificates are judged by both.',
      fix: 'Look on both which of them is right, and that a time service runs.',
      command: 'timedatectl status',
    },
  ];
}
