import type { TokenVerbSettings } from '../../contract/settings';
import type { Run } from '../apply';
import { converge } from '../converge';
import type { Handoff } from '../handoff';
import type { NodeFound } from '../node/found';
import { look, lookForSecret } from '../node/look';
import { ledgersOn } from '../plan/claims';
import { planEntry } from '../plan/entry';
import { holderOf } from '../plan/ledger';
import { surelyHeld } from '../plan/privileges';
import { planRelease } from '../plan/release';
import type { Wanted } from '../plan/wanted';
import { secretLost } from '../refusals';
import type { Expected } from '../verify';
import { type Prepared, prepareSettled } from './prepare';

/** Local effects of the verb, at the program's edge. */
export interface TokenEffects {
  openHandoff(): Promise<Handoff>;
  /** Uses the token as its consumer will; nothing where the entry says `verify = false`. */
  verify(secret: string, expected: Expected): Promise<void>;
}

/**
 * Ensures the token and all that goes with it, verifies it, writes its secret down, and only then removes our older tokens of
 * this entry: a new token works before an old one dies.
 */
export async function runToken(settings: TokenVerbSettings, run: Run, effects: TokenEffects): Promise<void> {
  const handoff = await effects.openHandoff();
  try {
    let last: Prepared | undefined;
    const { secret } = await converge(async ({ secret, cannotRenew }) => {
      const { wanted, found } = await prepareSettled(settings, run);
      last = { wanted, found: await withSecret(found, settings.identity, cannotRenew, run) };
      const steps = planEntry(wanted, last.found, 'token');
      return secret === undefined ? steps : steps.filter(({ verb }) => verb !== 'readSecret');
    }, run);
    if (last === undefined || secret === undefined) throw secretLost(settings.identity);
    await effects.verify(secret, expectedOf(last));
    await handoff.write(secret);
    await releaseOlder(settings, last, run);
    // Last: without it the next deploy says that this one was cut off.
    await handoff.complete();
  } catch (error) {
    await handoff.abandon();
    throw error;
  }
}

async function withSecret(found: NodeFound, identity: string, cannotRenew: boolean, { node }: Run): Promise<NodeFound> {
  return {
    ...found,
    ...(found.tokens.has(identity) ? { secret: await lookForSecret(node, identity) } : {}),
    ...(cannotRenew ? { cannotRenew } : {}),
  };
}

/** The rights to look for: on every wanted path what the role is sure to hold. */
function expectedOf({ wanted, found }: Prepared): Expected {
  const { role, token, acl } = wanted;
  const { identity } = token;
  if (role === undefined) return { identity, paths: [] };
  const privileges = wanted.privileges ?? surelyHeld(found.roles.get(role));
  return { identity, paths: acl.map(({ path }) => path), ...(privileges.length === 0 ? {} : { privileges }) };
}

async function releaseOlder(settings: TokenVerbSettings, last: Prepared, run: Run): Promise<void> {
  const { owner, identity, retain } = settings;
  const named = [identity, ...retain];
  const partingOn = (found: NodeFound) => ({ owner, named, keep: named, holder: currentHolder(last.wanted, found) });
  const { changes } = await converge(async () => {
    const found = await look(run.node);
    return planRelease(partingOn(found), found);
  }, run);
  // A role that only the older ones used can go now, and our claims on them.
  if (changes > 0) {
    await converge(async () => {
      const { wanted, found } = await prepareSettled(settings, run);
      return planEntry(wanted, found, 'access');
    }, run);
  }
}

function currentHolder(wanted: Wanted, found: NodeFound): string {
  return holderOf(wanted, found, ledgersOn(found));
}
