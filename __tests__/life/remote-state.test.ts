import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../../demo/project';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { Lab, useLab } from '../engine/support/lab';
import { started } from '../engine/support/output';
import { readBlock, stands } from './support/document';
import { hold } from './support/hold';
import { usePostgres } from './support/postgres';
import { row } from './support/row';
import { TOKEN } from './support/story';

const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];
const OWN_STACK = 'output = { own_stack = true }\n';

/** Puts the document's `main.ts` into a project that is not this repository. */
function useDocumentedApp({ folder }: Project): void {
  const text = readBlock('backend').replace("'./constructs'", `'${resolve(__dirname, '../../constructs')}'`);
  rmSync(`${folder}/main.ts`);
  writeFileSync(`${folder}/main.ts`, text);
}

describe.sequential('a remote backend', () => {
  let nuc: SimulatedNode;
  let other: Lab | undefined;
  const postgres = usePostgres();
  const lab = useLab(async (made) => {
    useDocumentedApp(made.project);
    nuc = await made.startNode('nuc');
  });
  afterAll(() => other?.close());

  /** Another machine: another folder, the same env file. */
  const machineB = (): Lab => {
    if (other === undefined) {
      other = new Lab(makeProject(lab().engine, process.env), lab().engine);
      useDocumentedApp(other.project);
    }
    return other;
  };
  const run = () => ({ environment: postgres() });
  const entries = (...lines: readonly string[]): Entry[] => [
    { name: 'nuc', node: nuc, identity: TOKEN, bootstrap: [...PRESET, ...lines] },
  ];
  const write = (...lines: readonly string[]) => {
    lab().write(entries(...lines));
    machineB().project.writeEnv('lab', readFileSync(lab().path('env/lab.tfvars'), 'utf8'));
  };
  const file = ({ file }: Lab) => readFileSync(file, 'utf8');

  row('other-machine', async () => {
    write();
    await lab().deploy(run());
    expect(file(lab())).toBe(goldenFile(entries()));
    nuc.resetLog();
    const output = await machineB().deploy(run());
    expect([started(output), nuc.connections()]).toEqual([[], 0]);
    expect(file(machineB())).toBe(file(lab()));
    const modes = [machineB().file, dirname(machineB().file)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700]);
    return output;
  });

  test('leaves no state file on either machine', () => {
    for (const { project } of [lab(), machineB()]) {
      expect(readdirSync(project.folder).filter((name) => name.includes('tfstate'))).toEqual([]);
      expect(existsSync(`${project.folder}/.handoff/lab`)).toBe(false);
    }
  });

  test('refuses a second deploy while one runs, which then finds its work done', async () => {
    write('generation = "2"');
    const command = hold(nuc, 'regenerate');
    const first = lab().run('deploy', run());
    await command.reached;
    const refused = await machineB().refused('deploy', run());
    expect(stands('Error acquiring the state lock … already locked', refused)).toBe(true);
    command.release();
    expect((await first).exit).toBe(0);
    nuc.resetLog();
    await machineB().deploy(run());
    expect([nuc.connections(), file(machineB())]).toEqual([0, file(lab())]);
    expect(file(lab())).toBe(goldenFile(entries()));
  }, 300_000);

  test('holds a file that has a stack of its own as well', async () => {
    lab().write(entries('generation = "3"'), OWN_STACK);
    const stacks = ['lab', 'lab-tfvars'];
    await lab().deploy({ ...run(), stacks });
    expect(file(lab())).toBe(goldenFile(entries()));
    await lab().destroy({ ...run(), stacks });
    expect([lab().secrets().size, existsSync(lab().file)]).toEqual([0, false]);
  }, 300_000);
});
