import { expect } from 'vitest';
import type { Command } from './edits';
import { type EnvironmentName, identityOf, nameOf, nodeOf, OWNERS, type Owner, retainedOf } from './entries';
import { checkEntry, checkForeign, checkOthers, readOutput } from './invariants';
import { found, isDisabled, isMarked, rightsOf, secretsOf } from './look';
import { tally } from './tally';
import { type How, PLAIN, type Report, type World } from './world';

/** `cdktf deploy`, followed, where its error asks for it, by the `-replace` that it names. */
export class Deploy implements Command {
  constructor(
    private readonly environment: EnvironmentName,
    private readonly how: How,
    private readonly replace: readonly string[] = [],
  ) {}

  check = () => true;

  async run(world: World): Promise<void> {
    const { environment, how } = this;
    const retained = retainedSecrets(world, environment);
    const output = world.checkouts[how.checkout].output(environment);
    const report = await deployAsTold(world, environment, how, this.replace);
    note(world, environment, how, report);
    tally(report.ok ? 'good deploys' : report.died ? 'cut short' : 'failed');
    for (const { verb } of report.ran) tally(verb);
    const touched = touchedBy(report, environment);
    expect(retainedSecrets(world, environment), 'retained tokens').toEqual(expect.objectContaining(retained));
    // Without parallel verbs one process at most is left alone: what it had sent may still take effect, and nothing more.
    if (!how.parallel) expect(report.orphaned.slice(1), 'changes by an orphan').toEqual([]);
    checkForeign(world);
    checkOthers(world, touched);
    if (report.ok) return checkGood(world, environment, how, report);
    if (environment === 'prod') expect(world.checkouts[how.checkout].output(environment)).toBe(output);
    if (!report.died) checkCaptured(world, environment, report);
    const excused = this.replace.length === 0 && isExcused(world, environment);
    if (how.fault.kind === 'none' && how.death === undefined && !how.parallel && !excused) {
      throw new Error(`the deploy of ${environment} should have succeeded:\n${reasonsOf(report)}`);
    }
  }

  toString = () => `deploy ${this.environment}${told(this.how)}`;
}

/** `cdktf destroy`. */
export class Destroy implements Command {
  constructor(
    private readonly environment: EnvironmentName,
    private readonly how: How,
  ) {}

  check = (world: Readonly<World>) => world.states.has(this.environment);

  async run(world: World): Promise<void> {
    const { environment, how } = this;
    const report = await world.destroy(environment, how);
    // A destroy sweeps nothing: what a failed deploy has left is there until the next deploy from the same checkout.
    const failedOn = world.failedOn.get(environment);
    if (failedOn !== undefined) world.littered.add(`${environment} ${failedOn}`);
    note(world, environment, how, report);
    checkForeign(world);
    checkOthers(world, touchedBy(report, environment));
    if (!report.ok && how.fault.kind === 'none' && how.death === undefined && !how.parallel) {
      throw new Error(`the destroy of ${environment} should have succeeded:\n${reasonsOf(report)}`);
    }
  }

  toString = () => `destroy ${this.environment}${told(this.how)}`;
}

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
function note(world: World, environment: EnvironmentName, { checkout, death }: How, report: Report): void {
  const other = world.failedOn.get(environment);
  if (other !== undefined && other !== checkout) world.littered.add(`${environment} ${other}`);
  if (report.ok) world.failedOn.delete(environment);
  else world.failedOn.set(environment, checkout);
  if (report.ran.some(({ verb, failure }) => verb === 'forget' && failure === undefined)) {
    world.littered.delete(`${environment} ${checkout}`);
  }
  for (const owner of OWNERS.filter((one) => one.environment === environment)) {
    const book = world.bookOf(owner);
    book.last = world.entries.get(nameOf(owner)) ?? book.last;
    for (const { address, failure } of report.ran) {
      if (address === `terraform_data.revocation["${owner.cluster}"]`) book.forget();
      if (address.startsWith(`null_resource.${owner.cluster}_`)) book.started = true;
      if (address === `null_resource.${owner.cluster}_token`) book.live = false;
      if (failure !== undefined) continue;
      if (address === `null_resource.${owner.cluster}_access`) book.ran('access');
      if (address === `null_resource.${owner.cluster}_token`) book.ran('token');
    }
    if (report.died && death?.how === 'killed, state old') book.distrust(true);
  }
  if (report.died && death?.how !== 'interrupted') world.littered.add(`${environment} ${checkout}`);
}

async function checkGood(world: World, environment: EnvironmentName, how: How, { ran }: Report): Promise<void> {
  const { checkout } = how;
  const tokens = readOutput(world, environment, checkout);
  const owners = world.ownersOf(environment);
  expect(Object.keys(tokens), 'entries of the output').toEqual(owners.map(({ cluster }) => cluster));
  for (const owner of owners) {
    const entry = world.entries.get(nameOf(owner));
    if (entry === undefined) continue;
    const [identity, secret = ''] = tokens[owner.cluster]?.split('=') ?? [];
    expect(identity).toBe(identityOf(owner, entry));
    const book = world.bookOf(owner);
    if (book.isTrusted) checkEntry(world, owner, entry, secret);
    const { applied } = book;
    const rotated = applied && identityOf(owner, applied) === identity && applied.generation !== entry.generation;
    if (book.isTrusted && rotated) expect(secret, `${nameOf(owner)}: its secret is another`).not.toBe(book.secret);
    if (!book.mayChange) expect(secret, `${nameOf(owner)}: its secret is as it was`).toBe(book.secret);
    book.applied = entry;
    book.secret = secret;
    book.live = true;
    if (book.isTrusted) book.mayChange = false;
  }
  // Without a cluster there is no sweep.
  if (owners.length === 0) world.littered.add(`${environment} ${checkout}`);
  const swept = ran.some(({ verb }) => verb === 'forget');
  if (swept || !world.littered.has(`${environment} ${checkout}`)) {
    expect(world.checkouts[checkout].hasHandoffs(environment), 'hand-offs are left').toBe(false);
  }
  const again = await world.deploy(environment, { ...PLAIN, checkout });
  expect(again, 'a second deploy').toMatchObject({ ok: true, ran: [], connections: 0 });
}

/** One cluster's failure holds back no other's secret. */
function checkCaptured(world: World, environment: EnvironmentName, { ran }: Report): void {
  for (const owner of world.ownersOf(environment)) {
    const address = `null_resource.${owner.cluster}_token`;
    const entry = world.entries.get(nameOf(owner));
    if (entry === undefined || !ran.some((one) => one.address === address && one.failure === undefined)) continue;
    const secret = world.states.get(environment)?.instances.get(`null_resource.${owner.cluster}_secret`)
      ?.triggers.value;
    const rights = rightsOf(world.nodeOf(owner), identityOf(owner, entry), secret ?? '');
    expect(rights, `${nameOf(owner)}: its secret is in the state`).toBeDefined();
  }
}

/** Where a good reason for a failure is known without a fault: somebody has meddled, or the file asks for a refusal. */
function isExcused(world: World, environment: EnvironmentName): boolean {
  return world.ownersOf(environment).some((owner) => {
    const entry = world.entries.get(nameOf(owner));
    if (entry === undefined) return false;
    const there = found(world.nodeOf(owner)).tokens.get(identityOf(owner, entry));
    const refused = entry.onExisting === 'fail' && there !== undefined && !isMarked(there.comment, owner);
    return refused || isDisabled(world.nodeOf(owner), entry.user) || world.bookOf(owner).meddled;
  });
}

/** Clusters of which a verb ran. */
function touchedBy({ ran }: Report, environment: EnvironmentName): Set<string> {
  const clusters = ran.flatMap(({ address }) => {
    const [, block, key] =
      /^(?:null_resource\.(.+)_(?:access|token)|terraform_data\.revocation\["(.+)"\])$/.exec(address) ?? [];
    return block ?? key ?? [];
  });
  return new Set(clusters.map((cluster) => `${environment}/${cluster}`));
}

/** Secrets of the retained tokens that are there, and ours. */
function retainedSecrets(world: World, environment: EnvironmentName): Record<string, string> {
  const all = world.ownersOf(environment).flatMap((owner: Owner) => {
    const node = world.nodeOf(owner);
    const entry = world.entries.get(nameOf(owner));
    const secrets = secretsOf(node);
    return (entry ? retainedOf(owner, entry) : [])
      .filter((identity) => isMarked(found(node).tokens.get(identity)?.comment ?? '', owner))
      .map((identity): [string, string] => [`${nodeOf(owner)} ${identity}`, secrets.get(identity) ?? '']);
  });
  return Object.fromEntries(all);
}

export function reasonsOf({ ran, complaints }: Report): string {
  const failures = ran.flatMap(({ address, failure }) =>
    failure === undefined ? [] : [`${address}: ${failure instanceof Error ? failure.message : String(failure)}`],
  );
  return [...failures, ...complaints].join('\n');
}

function told({ checkout, order, parallel, fault: { kind, ...fault }, death }: How): string {
  return [
    ...(checkout === 0 ? [] : [' on the other checkout']),
    ...(order === 0 ? [] : [` in order ${order}`]),
    ...(parallel ? [' in parallel'] : []),
    ...(kind === 'none' ? [] : [`, ${kind} ${JSON.stringify(fault)}`]),
    ...(death === undefined ? [] : [`, ${death.how} at moment ${death.moment}`]),
  ].join('');
}
