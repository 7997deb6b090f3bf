import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './measure';
import { timed } from './timed';

interface Provisioner {
  readonly interpreter: readonly [string, string];
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a verb of a cluster as the engine does, without the engine. Returns the seconds it took. */
export async function runVerb(
  folder: string,
  cluster: string,
  verb: 'access' | 'token',
  id: string,
  { node, environment: around }: Pick<Bench, 'node' | 'environment'>,
): Promise<number> {
  const json = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
  const block = json.resource.null_resource[`${cluster}_${verb}`];
  const { interpreter, environment }: Provisioner = block.provisioner[0]['local-exec'];
  const settings = Object.entries(environment).map(([name, text]) => [name, text.replaceAll('${self.id}', id)]);
  const { seconds } = await timed({
    program: node,
    args: [interpreter[1], verb],
    cwd: folder,
    env: { ...around, ...Object.fromEntries(settings) },
  });
  return seconds;
}
