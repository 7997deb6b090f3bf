import { App } from 'cdktf';
import { addEnvironment, readEnvironments } from './constructs';
import { Refusal } from './contract/refusal';

/** One stack an env file, named after it: `env/lab.tfvars` is `cdktf deploy lab`. Another backend goes in here. */
async function main(): Promise<void> {
  const environments = await readEnvironments('env');
  const app = new App();
  for (const environment of environments) addEnvironment(app, environment);
  app.synth();
  // cdktf shows them itself; without it, as in `npm run synth`, nobody would.
  if (process.env.CDKTF_OUTDIR === undefined) printWarnings(app);
}

function printWarnings(app: App): void {
  const found = Object.values(app.manifest.stacks).flatMap(({ annotations }) => annotations);
  for (const { constructPath, message } of found) process.stderr.write(`warning: ${constructPath}: ${message}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
