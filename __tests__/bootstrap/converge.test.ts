import { describe, expect, test } from 'vitest';
import { converge, type Known, type Planner } from '../../bootstrap/converge';
import type { Answer } from '../../bootstrap/node/session';
import type { Step } from '../../bootstrap/node/steps';
import { refusalOf } from './support';

const OK: Answer = { exit: 0, stdout: '', stderr: '' };
const failed = (stderr: string, exit = 255): Answer => ({ exit, stdout: '', stderr });
const LOCKED = failed(
  "trying to acquire cfs lock 'file-user_cfg' ...\ncreate role failed: got lock request timeout\n",
  17,
);
const SECRET = '01234567-89ab-cdef-0123-456789abcdef';
const identity = 'jo@pve!ci';
const settings = { comment: '', expire: 0, privsep: true };

const addRole = (role: string): Step => ({ verb: 'addRole', role, privileges: [] });
const deleteRole = (role: string): Step => ({ verb: 'deleteRole', role });
const deleteUser: Step = { verb: 'deleteUser', userid: 'jo@pve' };

/**
 * Runs the loop over these plans, the last one again and again, on a node that gives these answers in turn, then none but good
 * ones. The clock moves only when somebody waits.
 */
async function run(
  plans: readonly (readonly Step[] | Planner)[],
  answers: readonly Answer[] = [],
  { lockSeconds = 60, dies = Number.POSITIVE_INFINITY } = {},
) {
  const log: string[] = [];
  const done: string[] = [];
  const pauses: number[] = [];
  const left = [...answers];
  let [looks, now, asked] = [0, 1000, 0];
  const node = {
    run: async (words: readonly string[]) => {
      log.push(words.slice(words[0] === 'pveum' ? 1 : 0, 4).join(' '));
      return left.shift() ?? OK;
    },
  };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
  const report = (line: string) => void log.push(`# ${line}`);
  const did = (line: string) => void done.push(line);
  const planner: Planner = async (known) => {
    const plan = plans[Math.min(looks, plans.length - 1)] ?? [];
    looks += 1;
    log.push('look');
    return typeof plan === 'function' ? plan(known) : plan;
  };
  asked = 0;
  const outcome = converge(planner, { node, clock, lockSeconds, report, did, isOrphan: () => ++asked > dies });
  // Whoever expects a refusal asks for it.
  outcome.catch(() => undefined);
  return { outcome, settled: await outcome.catch(() => undefined), log, done, pauses };
}

describe('a plan', () => {
  test('that is empty is done, with one look', async () => {
    const { settled, log } = await run([[]]);
    expect([settled, log]).toEqual([{ cannotRenew: false, changes: 0 }, ['look']]);
  });

  test('is run from first to last, and each change is told', async () => {
    const { settled, log, done } = await run([[addRole('a'), addRole('b')]]);
    expect(log).toEqual(['look', 'role add a', 'role add b']);
    expect(done).toEqual(['role a: added with 0 privileges', 'role b: added with 0 privileges']);
    expect(settled?.changes).toBe(2);
  });

  test('deletes a user or a role only right after a look, and by the plan of that look', async () => {
    const steps = [addRole('a'), deleteRole('b'), deleteUser];
    expect((await run([steps, [deleteRole('b'), deleteUser], [deleteUser]])).log).toEqual([
      ...['look', 'role add a', 'look', 'role delete b', 'look', 'user delete jo@pve'],
    ]);
    expect((await run([steps, []])).log).toEqual(['look', 'role add a', 'look']);
  });
});

describe('a step that the node refuses', () => {
  const refused = failed("role 'a' already exists\n");

  test('once means look again: another plan goes on', async () => {
    const { settled, log } = await run([[addRole('a'), addRole('b')], [addRole('b')]], [refused]);
    expect(log).toEqual(['look', 'role add a', 'look', 'role add b']);
    expect(settled?.changes).toBe(1);
  });

  test("twice, with nothing before it, is told with the node's words and without options", async () => {
    const { outcome, log } = await run([[addRole('a')]], [refused]);
    expect(log).toEqual(['look', 'role add a', 'look']);
    await expect(outcome).rejects.toThrow("`pveum role add a` failed on the node (exit 255): role 'a' already exists");
  });

  test('again and again, with something else before it, is told after so many looks', async () => {
    const answers = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? OK : refused));
    const { outcome, log } = await run([[addRole('x'), addRole('a')]], answers);
    expect(log.filter((line) => line === 'look')).toHaveLength(50);
    await expect(outcome).rejects.toThrow('role a: added with 0 privileges was due again and again');
  });

  test('because it cannot renew a secret in place is made another way', async () => {
    const known: Known[] = [];
    const steps: Step[] = [{ verb: 'renewToken', identity, settings }];
    const planner: Planner = async (now) => {
      known.push(now);
      return now.cannotRenew ? [{ verb: 'makeToken', identity, settings }] : steps;
    };
    const made = { ...OK, stdout: JSON.stringify({ value: SECRET }) };
    const { settled } = await run([planner], [failed('Unknown option: regenerate\n400 unable to parse\n'), made]);
    expect(known.map(({ cannotRenew }) => cannotRenew)).toEqual([false, true]);
    expect(settled).toEqual({ cannotRenew: true, secret: SECRET, changes: 1 });
  });
});

describe('a secret', () => {
  const make: Step = { verb: 'makeToken', identity, settings };

  test.each<[string, Step, string, number]>([
    ['made', make, JSON.stringify({ value: SECRET }), 1],
    ['renewed', { verb: 'renewToken', identity, settings }, JSON.stringify({ value: SECRET }), 1],
    ['read', { verb: 'readSecret', identity, adopting: false }, `x${identity} y\n${identity} ${SECRET}\n`, 0],
  ])('that was %s is known to the next plan, and at the end', async (_, step, stdout, changes) => {
    const { settled, log, done } = await run(
      [[step, deleteUser], async ({ secret }) => (secret === SECRET ? [] : [make])],
      [{ ...OK, stdout }],
    );
    expect(settled).toEqual({ cannotRenew: false, secret: SECRET, changes });
    expect(JSON.stringify([log, done])).not.toContain(SECRET);
  });

  test.each(['', 'null', '{"value":1}', `{"value":"${SECRET}x"}`])(
    'that the answer %j does not hold is lost, and told so',
    async (stdout) => {
      const { outcome } = await run([[make]], [{ ...OK, stdout }]);
      expect((await refusalOf(outcome)).code).toBe('SECRET_LOST');
    },
  );
});

describe('a locked configuration', () => {
  test('is waited for, longer each time, and told', async () => {
    const { log, pauses, settled } = await run([[addRole('a')]], Array(6).fill(LOCKED));
    expect(settled?.changes).toBe(1);
    expect(pauses).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    expect(log.slice(0, 3)).toEqual(['look', 'role add a', "# the node's user configuration is locked: waiting"]);
  });

  test('is waited for only so long, and not at all where the entry gives it no time', async () => {
    const { outcome, pauses } = await run([[addRole('a')]], Array(99).fill(LOCKED), { lockSeconds: 10 });
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(10_000);
    await expect(outcome).rejects.toThrow('locked for more than 10 s');
    expect((await run([[addRole('a')]], [LOCKED], { lockSeconds: 0 })).pauses).toEqual([]);
  });

  test('is no matter when the command went through: the node only says that it waited', async () => {
    expect((await run([[addRole('a')]], [{ ...OK, stderr: LOCKED.stderr }])).pauses).toEqual([]);
  });
});

describe('once the engine is gone', () => {
  test('nothing is begun, and nothing tried again', async () => {
    const { outcome, log } = await run([[addRole('a')]], [], { dies: 0 });
    expect([log, (await refusalOf(outcome)).code]).toEqual([['look'], 'ORPHANED']);
    const waiting = await run([[addRole('a')]], [LOCKED], { dies: 1 });
    expect([waiting.log.length, (await refusalOf(waiting.outcome)).code]).toEqual([3, 'ORPHANED']);
  });

  test('what was begun is ended', async () => {
    const { settled } = await run([[addRole('a'), addRole('b')]], [], { dies: 1 });
    expect(settled?.changes).toBe(2);
  });
});
