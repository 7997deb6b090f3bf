import { isBuiltInRole, SECRET } from '../../contract/identifiers';
import type { TokenVerbSettings, VerifySettings } from '../../contract/settings';
import { applySteps, change, type Run } from '../apply';
import type { Handoff } from '../handoff';
import { addTokenCommand, commandOf, regenerateTokenCommand } from '../node/commands';
import { type NodeFound, withoutToken, withToken } from '../node/found';
import { inspect, readSecret } from '../node/inspect';
import { lastWords } from '../node/shell';
import { planAccess, waitsForToken } from '../plan/access';
import { mayBeOutdated } from '../plan/privileges';
import { planRelease } from '../plan/release';
import type { TokenSettings } from '../plan/steps';
import { adoptedComment, claimKeeper, decideToken, newTokenSettings } from '../plan/token';
import { type Wanted, wantedOf } from '../plan/wanted';
import { commandFailed, secretLost, secretUnreadable } from '../refusals';
import type { Expected } from '../verify';
import { prepare } from './access';

/** Local effects of the verb, at the program's edge. */
export interface TokenEffects {
  openHandoff(): Promise<Handoff>;
  reach(settings: VerifySettings): Promise<void>;
  verify(settings: VerifySettings, secret: string, expected: Expected): Promise<void>;
}

interface Settled {
  readonly secret: string;
  readonly found: NodeFound;
}

/**
 * Ensures the token and all that goes with it, verifies it, hands its secret off, and only then removes our older tokens of
 * this entry: a new token works before an old one dies.
 */
export async function runToken(settings: TokenVerbSettings, run: Run, effects: TokenEffects): Promise<void> {
  const handoff = await effects.openHandoff();
  try {
    if (settings.verify !== undefined) await effects.reach(settings.verify);
    const { wanted, found } = await withUser(settings, run);
    const settled = await settleSecret(wanted, found, run);
    await applySteps(planAccess(wanted, settled.found), run);
    if (settings.verify !== undefined) {
      await effects.verify(settings.verify, settled.secret, expectedOf(wanted, settled.found));
      run.report(`token ${wanted.token.identity}: verified at ${settings.verify.endpoint}`);
    }
    await handoff.write(settled.secret);
    await releaseOlder(settings, wanted, settled.found, run);
  } catch (error) {
    await handoff.abandon();
    throw error;
  }
}

/**
 * A user that is gone since `access` ran, by a hand or by a removal that was not finished, is made again: the engine does not
 * look at the node, so `access` does not run again, and without its user no token is made.
 */
async function withUser(settings: TokenVerbSettings, run: Run): Promise<{ wanted: Wanted; found: NodeFound }> {
  const { wanted, found } = await resolve(settings, run);
  if (found.users.has(wanted.token.userid)) return { wanted, found };
  await applySteps(planAccess(wanted, found), run);
  return resolve(settings, run);
}

/**
 * Asks for the list of roles only where `user.cfg` does not tell what the role holds, or where `access` could not settle it:
 * beside a user of others nothing is made before the token, so the role that is there now may be anybody's.
 */
async function resolve(settings: TokenVerbSettings, run: Run): Promise<{ wanted: Wanted; found: NodeFound }> {
  const found = await inspect(run.shell);
  const { role } = settings.access;
  const wanted = wantedOf(settings);
  if (role === undefined) return { wanted, found };
  const there = isBuiltInRole(role) ? undefined : found.roles.get(role);
  const known = there !== undefined && !mayBeOutdated(there) && !waitsForToken(wanted, found);
  return known ? { wanted, found } : prepare(settings, found, run);
}

async function settleSecret(wanted: Wanted, found: NodeFound, run: Run): Promise<Settled> {
  const decision = decideToken(wanted, found);
  if (decision === 'add') return addToken(wanted, found, run);
  if (decision === 'rotate') return rotateToken(wanted, found, run);
  const { identity } = wanted.token;
  const there = await readSecret(run.shell, identity);
  if (there.kind === 'unreadable') throw secretUnreadable(identity, there.answer);
  if (there.kind === 'none' || !SECRET.test(there.secret)) {
    run.report(`token ${identity}: the node has no secret for it, it gets a new one`);
    return rotateToken(wanted, found, run);
  }
  if (decision === 'adopt') return { secret: there.secret, found: await adopt(wanted, found, run) };
  run.report(`token ${identity}: as wanted, secret kept`);
  return { secret: there.secret, found };
}

/** Puts our mark on a token that others made: from here on its generation is known. */
async function adopt(wanted: Wanted, found: NodeFound, run: Run): Promise<NodeFound> {
  const { identity } = wanted.token;
  const token = found.tokens.get(identity);
  if (token === undefined) return found;
  const comment = adoptedComment(wanted, found);
  await change(run, () => run.shell.pveum(commandOf({ verb: 'setToken', identity, comment })));
  run.did(`token ${identity}: adopted, secret kept`);
  return withToken(found, { ...token, comment });
}

async function addToken(wanted: Wanted, found: NodeFound, run: Run): Promise<Settled> {
  const { identity } = wanted.token;
  const settings = newTokenSettings(wanted, found);
  const answer = await change(run, () => run.shell.pveum(addTokenCommand(identity, settings)));
  run.did(`token ${identity}: made`);
  return { secret: secretIn(answer, identity), found: withNew(wanted, found, settings) };
}

async function rotateToken(wanted: Wanted, found: NodeFound, run: Run): Promise<Settled> {
  const { identity } = wanted.token;
  const settings = newTokenSettings(wanted, found);
  // Asked, not guessed from a version: what a node cannot do it refuses, and nothing is changed.
  const words = regenerateTokenCommand(identity, settings);
  const answer = await change(run, () => run.shell.tryPveum(words));
  if (answer.exit === 0) {
    run.did(`token ${identity}: new secret, the old one is dead`);
    return { secret: secretIn(answer.stdout, identity), found: withNew(wanted, found, settings) };
  }
  if (!/Unknown option: regenerate/.test(answer.stderr)) {
    throw commandFailed(`pveum user token modify ${identity}`, answer.exit, lastWords(answer));
  }
  return makeAgain(wanted, found, settings, run);
}

/** Before 9.1: remove and add. Its ACL entries, which the node forgets with it, are given again by the plan that follows. */
async function makeAgain(wanted: Wanted, found: NodeFound, settings: TokenSettings, run: Run): Promise<Settled> {
  const { identity, userid } = wanted.token;
  const keeper = claimKeeper(wanted, found);
  let bare = withoutToken(found, identity);
  if (keeper !== undefined && !found.tokens.has(keeper.identity)) {
    await change(run, () => run.shell.pveum(addTokenCommand(keeper.identity, keeper.settings)));
    run.did(`token ${keeper.identity}: made, holds our mark meanwhile`);
    bare = withToken(bare, { identity: keeper.identity, userid, ...keeper.settings });
  }
  await applySteps([{ verb: 'removeToken', identity }], run);
  const added = await change(run, () => run.shell.pveum(addTokenCommand(identity, settings)));
  run.did(`token ${identity}: made again with a new secret`);
  return { secret: secretIn(added, identity), found: withNew(wanted, bare, settings) };
}

function withNew(wanted: Wanted, found: NodeFound, settings: TokenSettings): NodeFound {
  const { identity, userid } = wanted.token;
  return withToken(found, { identity, userid, ...settings });
}

function secretIn(answer: string, identity: string): string {
  try {
    const { value } = JSON.parse(answer) as { value?: unknown };
    if (typeof value === 'string' && SECRET.test(value)) return value;
  } catch {
    // Told below, without the answer: it may hold the secret.
  }
  throw secretLost(identity);
}

/** The rights to look for: on every wanted path what the role holds; of `root@pam` anything at all. */
function expectedOf(wanted: Wanted, found: NodeFound): Expected {
  const { role, token, acl, privileges } = wanted;
  if (role === undefined) return { identity: token.identity, paths: ['/'] };
  const held = privileges ?? [...(found.roles.get(role)?.privileges ?? [])];
  return {
    identity: token.identity,
    paths: acl.map(({ path }) => path),
    ...(held.length === 0 ? {} : { privileges: held }),
  };
}

async function releaseOlder(
  { owner, identity, retain }: TokenVerbSettings,
  wanted: Wanted,
  found: NodeFound,
  run: Run,
): Promise<void> {
  const keep = [identity, ...retain];
  if (planRelease(owner, found, keep).length === 0) return;
  // Looked at again: the steps since the first look may have changed what is in use.
  await applySteps(planRelease(owner, await inspect(run.shell), keep), run);
  // A role that only the older ones used can go now, and our claim on it.
  await applySteps(planAccess(wanted, await inspect(run.shell)), run);
}
