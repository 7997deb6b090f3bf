import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parseUserCfg } from '../../bootstrap/node/user-cfg';
import { makeProject, type Verb } from '../../demo/project';
import type { SimulatedNode } from '../../simulator/node';
import { accepts } from '../bootstrap/support';
import { nodeFiles } from '../support/verbs';
import {
  entryOf,
  expectedLines,
  identityOf,
  type Member,
  needsRole,
  nextCrowd,
  PROJECTS,
  pickFrom,
} from './support/crowd';
import { goldenFile } from './support/entries';
import { Lab, useLab } from './support/lab';
import { readable } from './support/output';
import { descendants } from './support/processes';
import { configOn, secretsOn } from './support/pve';

/** `TOGETHER_ROUNDS=40 npx vitest run __tests__/engine/together.test.ts` for many rounds of each kind. */
const { TOGETHER_ROUNDS = '3', TOGETHER_SEED, CI } = process.env;
const ROUNDS = Number(TOGETHER_ROUNDS);
/** Under CI always the same rounds: what has landed is not failed by what another seed finds. */
const SEED = Number(TOGETHER_SEED ?? (CI ? 20260901 : Date.now() & 0x7fffffff));
const MINUTE = 60_000;

/** What ends a part of a deploy from outside: the engine, cdktf, which takes its engine along, or a program. */
const STRIKES = [/(terraform|tofu)(_\S+)? (apply|destroy)/, /bin\/cdktf (deploy|destroy)/, /bootstrap\.cjs/];

describe.sequential('entries, stacks and projects at once on one node', () => {
  let node: SimulatedNode;
  let before: string;
  let other: Lab | undefined;
  let crowd: readonly Member[] = [];
  const pick = pickFrom(SEED);
  const lab = useLab(async (made) => {
    node = await made.startNode('pve', { release: pick(['9.1', '8.4'] as const), latencyMs: 20 });
    before = configOn(node);
    other = new Lab(makeProject(made.engine, process.env), made.engine);
  });
  afterAll(() => other?.close());
  const projects = () => [lab(), other ?? lab()] as const;

  const entriesOf = (stack: string) => crowd.filter((member) => member.stack === stack).map((it) => entryOf(it, node));

  function write(): void {
    for (const [index, project] of projects().entries()) {
      for (const stack of PROJECTS[index] ?? []) project.write(entriesOf(stack), '', stack);
    }
  }

  /** Each project runs its stacks at once, both projects at the same time. */
  async function runAll(environment: Readonly<Record<string, string>> = {}, everythingGoes = false) {
    return Promise.all(
      projects().map((project, index) => {
        const stacks = PROJECTS[index] ?? [];
        const isEmpty = everythingGoes || stacks.every((stack) => entriesOf(stack).length === 0);
        const verb: Verb = isEmpty ? 'destroy' : 'deploy';
        return project.run(verb, { stacks, environment });
      }),
    );
  }

  async function expectGood(outcomes: Awaited<ReturnType<typeof runAll>>): Promise<void> {
    for (const { exit, output } of outcomes) expect(exit, output).toBe(0);
    const { users, tokens, roles, acl } = parseUserCfg(nodeFiles(node).user);
    // An entry of root@pam lists what an older token still needs in the comment of a user of its own.
    const keepsList = crowd.some((member) => !needsRole(member) && member.retained !== undefined);
    const isOwn = (userid: string) => userid === 'root@pam' || (keepsList && /^cdktf-proxmox-tokens-/.test(userid));
    const lines = [
      ...[...users.keys()].filter((userid) => !isOwn(userid)).map((userid) => `user ${userid}`),
      ...[...tokens.values()].map(({ identity, privsep }) => `token ${identity}${privsep ? ' separated' : ''}`),
      ...[...roles.values()].map(({ roleid, privileges }) => `role ${roleid} ${[...privileges].sort().join(' ')}`),
      ...acl.map(({ path, role, principal }) => `acl ${path} ${role} ${principal}`),
    ];
    expect(lines.sort()).toEqual(expectedLines(crowd));
    for (const [index, project] of projects().entries()) {
      for (const stack of PROJECTS[index] ?? []) {
        const entries = entriesOf(stack);
        if (entries.length === 0) continue;
        expect(readFileSync(project.path('env', stack, 'terraform.tfvars'), 'utf8')).toBe(goldenFile(entries));
      }
    }
    for (const member of crowd) {
      const privileges = needsRole(member) ? [...member.privileges] : ['Sys.Modify'];
      const secret = secretsOn(node).get(identityOf(member)) ?? '';
      expect(await accepts(node, identityOf(member), secret, member.paths[0], privileges)).toBe(true);
    }
  }

  /** Edits the crowd. Returns what must not change: secrets of tokens that are not rotated. */
  function edit(round: number): ReadonlyMap<string, string> {
    const had = new Map(crowd.map((member) => [identityOf(member), member.generation]));
    const secrets = secretsOn(node);
    crowd = nextCrowd(crowd, pick, round);
    write();
    const kept = crowd.filter((member) => had.get(identityOf(member)) === member.generation).map(identityOf);
    return new Map(kept.map((identity) => [identity, secrets.get(identity) ?? '']));
  }

  test(
    `end as if they had come one after the other: ${ROUNDS} rounds of seed ${SEED}`,
    async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const kept = edit(round);
        await expectGood(await runAll());
        expect(Object.fromEntries(secretsOn(node))).toMatchObject(Object.fromEntries(kept));
      }
    },
    ROUNDS * MINUTE + MINUTE,
  );

  test(
    `are made whole by the next deploy: ${ROUNDS} rounds with kills of seed ${SEED}`,
    async () => {
      for (let round = 101; round <= 100 + ROUNDS; round += 1) {
        const kept = edit(round);
        let left = pick([3, 6, 9, 15, 25]);
        const strike = pick(STRIKES);
        node.faults.onCommand = () => {
          left -= 1;
          if (left !== 0) return undefined;
          const [victim] = descendants((line) => strike.test(line));
          if (victim !== undefined) process.kill(victim, 'SIGKILL');
          return undefined;
        };
        await runAll();
        delete node.faults.onCommand;
        await expectGood(await again());
        expect(Object.fromEntries(secretsOn(node))).toMatchObject(Object.fromEntries(kept));
      }
    },
    2 * ROUNDS * MINUTE + MINUTE,
  );

  /** The next deploy, and where that says so, the command that it shows: a secret had not reached the state. */
  async function again() {
    const outcomes = await runAll();
    const said = outcomes.map(({ output }) => readable(output)).join(' ');
    const lost = [...said.matchAll(/-replace=null_resource\."(\w+)"/g)].map(([, block]) => block);
    if (lost.length === 0) return outcomes;
    return runAll({
      TF_CLI_ARGS_apply: [...new Set(lost)].map((block) => `-replace=null_resource.${block}`).join(' '),
    });
  }

  test(
    'leave nothing when all are destroyed at once',
    async () => {
      crowd = [];
      for (const { exit, output } of await runAll({}, true)) expect(exit, output).toBe(0);
      expect(configOn(node)).toBe(before);
    },
    5 * MINUTE,
  );
});
