import { chmodSync } from 'node:fs';
import { App } from 'cdktf';
import { addEnvironment, readEnvironments } from './constructs';
import { Refusal } from './contract/refusal';

/** One stack an env file, named after it: `env/lab.tfvars` is `cdktf deploy lab`. Another backend goes in here. */
async function main(): Promise<void> {
  const environments = await readEnvironments('env');
  const app = new App();
  for (const environment of environments) addEnvironment(app, environment);
  app.synth();
  // `cdktf diff` leaves its plan file in there, readable to all, and a plan holds what the state holds.
  chmodSync(app.outdir, 0o700);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
