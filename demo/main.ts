import { Refusal } from '../contract/refusal';
import { type Engine, prepareEngine, renderEngine } from '../engines';
import { Demo, DemoFailed } from './demo';
import { makeProject } from './project';

/** `npm run demo`: the whole job on two simulated nodes, step by step. Ends non-zero if any step is not as promised. */
async function main(signal: AbortSignal): Promise<void> {
  const engine: Engine = await prepareEngine({ environment: process.env });
  print(renderEngine(engine));
  const project = makeProject(engine, process.env);
  const demo = new Demo(project, print, signal);
  try {
    await demo.play();
  } finally {
    await demo.close();
    project.remove();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const interrupted = new AbortController();
// cdktf gets the same signal from the terminal; we wait for it, so that nothing is left behind.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort(name));

main(interrupted.signal).catch((error: unknown) => {
  if (interrupted.signal.aborted) {
    print('interrupted: the nodes are stopped and the temporary folder is gone');
    process.exitCode = 130;
  } else {
    const known = error instanceof Refusal || error instanceof DemoFailed;
    process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
});
