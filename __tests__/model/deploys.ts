import { expect } from 'vitest';
import type { NodeFound } from '../../bootstrap/node/found';
import { Refusal } from '../../contract/refusal';
import { type Command, command } from './edits';
import { type EnvironmentName, identityOf, nameOf, OWNERS, retainedOf } from './entries';
import { isExcused } from './excuses';
import { checkEntry, checkForeign, checkOthers, readOutput } from './invariants';
import { found, isDisabled, isMarked, secretsOf } from './look';
import { type How, PLAIN, type Report, type World } from './world';

const told = (environment: EnvironmentName, { checkout, order, parallel, ...how }: How) =>
  JSON.stringify([environment, checkout, order, parallel, how]);

/** What the lives consisted of, so that a model which has ceased to try anything shows. */
export const counts: Record<string, number> = {};

function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

const shouldHaveSucceeded = ({ ran, complaints }: Report) =>
  new Error(`it should have succeeded: ${[...ran.map(({ failure }) => failure), ...complaints].join(' ')}`);

/** Whether nothing went wrong that the engine or the network is to blame for. */
const isQuiet = ({ fault, death }: How) => fault === undefined && death === undefined;

/** `cdktf deploy`, followed, where its error asks for it, by the `-replace` that it names. */
export const deploy = (environment: EnvironmentName, how: How, replace: readonly string[] = []): Command =>
  command(`deploy ${told(environment, how)}`, async (world) => {
    const retained = retainedSecrets(world, environment);
    const output = world.checkouts[how.checkout].output(environment);
    const before = world.nodes.map(found);
    const report = await deployAsTold(world, environment, how, replace);
    note(world, environment, how, report);
    count(report.ok ? 'good deploys' : report.died ? 'cut short' : 'failed');
    for (const { verb, failure } of report.ran) {
      count(verb);
      if (failure instanceof Refusal) count(failure.code);
    }
    expect(retainedSecrets(world, environment), 'retained tokens').toEqual(expect.objectContaining(retained));
    expect(report.orphaned, 'begun by an orphan').toEqual([]);
    checkForeign(world);
    checkOthers(world, touchedBy(report, environment));
    if (report.ok) return checkGood(world, environment, how, report);
    if (environment === 'prod') expect(world.checkouts[how.checkout].output(environment)).toBe(output);
    if (!report.died) checkCaptured(world, environment, report);
    if (isQuiet(how) && (replace.length > 0 || !mayFail(world, environment, report, before))) {
      throw shouldHaveSucceeded(report);
    }
  });

/** `cdktf destroy`. */
export const destroy = (environment: EnvironmentName, how: How): Command =>
  command(
    `destroy ${told(environment, how)}`,
    async (world) => {
      const report = await world.destroy(environment, how);
      note(world, environment, how, report);
      checkForeign(world);
      checkOthers(world, touchedBy(report, environment));
      if (!report.ok && isQuiet(how)) throw shouldHaveSucceeded(report);
    },
    (world) => world.states.has(environment),
  );

async function deployAsTold(
  world: World,
  environment: EnvironmentName,
  how: How,
  replace: readonly string[],
): Promise<Report> {
  const report = await world.deploy(environment, how, replace);
  const named = report.complaints.flatMap((text) => /-replace=(\S+)/.exec(text)?.[1]?.replaceAll('"', '') ?? []);
  if (report.ok || report.died || named.length === 0) return report;
  const again = await world.deploy(environment, { ...PLAIN, checkout: how.checkout }, named);
  return { ...again, ran: [...report.ran, ...again.ran] };
}

/** Writes into the books what the deploy did. */
function note(world: World, environment: EnvironmentName, { death }: How, report: Report): void {
  for (const owner of OWNERS.filter((one) => one.environment === environment)) {
    const book = world.bookOf(owner);
    book.last = world.entries.get(nameOf(owner)) ?? book.last;
    for (const { address, verb, failure } of report.ran.filter((ran) => clusterIn(ran.address) === owner.cluster)) {
      if (verb === 'revoke') book.forget();
      else book.start();
      // Where there is a receipt `access` ran some time before.
      const ran = failure === undefined && !address.endsWith('_access_done');
      if (ran && (verb === 'access' || verb === 'token')) book.ran(verb);
    }
    if (report.died && death?.how === 'killed, state old') book.distrust(true);
  }
}

async function checkGood(world: World, environment: EnvironmentName, how: How, { ran }: Report): Promise<void> {
  const tokens = readOutput(world, environment, how.checkout);
  const entries = world.entriesOf(environment);
  expect(Object.keys(tokens), 'entries of the output').toEqual(entries.map(([{ cluster }]) => cluster));
  for (const [owner, entry] of entries) {
    const [identity, secret = ''] = tokens[owner.cluster]?.split('=') ?? [];
    expect(identity).toBe(identityOf(owner, entry));
    const book = world.bookOf(owner);
    // Only a deploy that verifies the token sees that its user is disabled.
    const live = !isDisabled(world.nodeOf(owner), entry.user);
    if (book.isTrusted && live) checkEntry(world, owner, entry, secret);
    const { applied } = book;
    const rotated = applied && identityOf(owner, applied) === identity && applied.generation !== entry.generation;
    if (book.isTrusted && rotated) expect(secret, `${nameOf(owner)}: its secret is another`).not.toBe(book.secret);
    if (!book.mayChange) expect(secret, `${nameOf(owner)}: its secret is as it was`).toBe(book.secret);
    Object.assign(book, { applied: entry, secret, live, mayChange: book.mayChange && !book.isTrusted });
  }
  if (ran.some(({ verb }) => verb === 'token' || verb === 'forget')) {
    expect(world.checkouts[how.checkout].hasHandoffs(environment), 'hand-offs are left').toBe(false);
  }
  const again = await world.deploy(environment, { ...PLAIN, checkout: how.checkout });
  expect(again, 'a second deploy').toMatchObject({ ok: true, ran: [], connections: 0 });
}

/** One cluster's failure holds back no other's secret, once that is made. */
function checkCaptured(world: World, environment: EnvironmentName, { ran }: Report): void {
  for (const [owner, entry] of world.entriesOf(environment)) {
    const made = ran.some((one) => one.address === `null_resource.${owner.cluster}_token` && one.failure === undefined);
    if (!made) continue;
    const state = world.states.get(environment)?.instances.get(`null_resource.${owner.cluster}_secret`);
    const secret = secretsOf(world.nodeOf(owner)).get(identityOf(owner, entry));
    expect(state?.triggers.value, `${nameOf(owner)}: its secret is in the state`).toBe(secret);
  }
}

/** Every verb that failed has an excuse. */
function mayFail(world: World, environment: EnvironmentName, report: Report, before: readonly NodeFound[]): boolean {
  if (report.complaints.length > 0) return false;
  return report.ran.every(({ address, failure }) => {
    const owner = OWNERS.find((one) => one.environment === environment && one.cluster === clusterIn(address));
    if (failure === undefined || owner === undefined) return failure === undefined;
    const moments = [before[owner.node], found(world.nodeOf(owner))];
    return moments.some((there) => there && isExcused(world, owner, failure, there));
  });
}

/** Entries of which a verb ran. */
const touchedBy = ({ ran }: Report, environment: EnvironmentName) =>
  ran.map(({ address }) => `${environment}/${clusterIn(address)}`);

/** The cluster whose verb stands in that block. */
const clusterIn = (address: string) =>
  /^(?:null_resource\.|terraform_data\.revocation\[")(.+)(?:_access|_access_done|_token|"\])$/.exec(address)?.[1];

/** Secrets of the retained tokens that are there, and ours. */
function retainedSecrets(world: World, environment: EnvironmentName): Record<string, string> {
  const all = world.entriesOf(environment).flatMap(([owner, entry]) => {
    const node = world.nodeOf(owner);
    const { tokens } = found(node);
    return retainedOf(owner, entry)
      .filter((identity) => isMarked(tokens.get(identity)?.comment ?? '', owner))
      .map((identity) => [`${owner.node} ${identity}`, secretsOf(node).get(identity) ?? '']);
  });
  return Object.fromEntries(all);
}
