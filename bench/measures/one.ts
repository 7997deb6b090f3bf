import { ByHand } from '../by-hand';
import type { Bench, Measure } from '../measure';
import { makeFresh, type Starts, withNodes } from '../nodes';
import { inPairs, type Paired } from '../pairs';
import { startRelay } from '../relay';
import { type Result, ratiosOf } from '../result';
import { Stack } from '../stack';
import { runVerb } from '../verbs';

export const TITLES: Readonly<Record<Starts, string>> = { once: 'as root', each: 'through sudo' };

export const one: Measure = {
  name: 'one',
  about: "both verbs of a fresh cluster, against the guides' four calls in one `ssh`",
  run: async (bench) => {
    const asRoot = await fresh(bench, 'once');
    const throughSudo = await fresh(bench, 'each');
    return [
      resultOf('one-node', 'A fresh cluster as root, time on the node', asRoot.onNode, 0.6),
      resultOf('one-root', 'A fresh cluster as root, all of it', asRoot.whole),
      resultOf('one-sudo', 'A fresh cluster through sudo, all of it', throughSudo.whole),
    ];
  },
};

function resultOf(name: string, title: string, seconds: Paired, target?: number): Result {
  const against = "the guides' four calls in one `ssh`";
  return {
    name,
    title: `${title} / ${against}`,
    unit: 'times',
    target,
    values: ratiosOf(seconds.ours, seconds.other),
    seconds,
  };
}

/** The seconds from start to end, and those that a connection to the node was open. */
function fresh(bench: Bench, starts: Starts): Promise<{ readonly whole: Paired; readonly onNode: Paired }> {
  return Stack.with(bench, (stack) =>
    withNodes(stack.project.folder, 1, async ([node]) => {
      if (node === undefined) throw new Error('there is no node');
      const relay = await startRelay(node.ssh.port);
      try {
        const behind = { ...node, ssh: { ...node.ssh, port: relay.port } };
        stack.writeNodes([behind]);
        await stack.synth();
        const folder = await stack.folder();
        const byHand = await ByHand.prepare(stack.project.folder, [behind]);
        const onNode = { ours: [] as number[], other: [] as number[] };
        let id = 0;
        const pair = {
          ours: async () => {
            makeFresh([node], starts);
            id += 1;
            const access = await runVerb(folder, 'c0', 'access', `run${id}`, bench);
            const token = await runVerb(folder, 'c0', 'token', `run${id}`, bench);
            onNode.ours.push(await relay.take());
            return access + token;
          },
          other: async () => {
            const { seconds } = await byHand.run(1);
            onNode.other.push(await relay.take());
            return seconds;
          },
        };
        const whole = await inPairs(bench.scale.runs(11), pair, bench.print);
        return { whole, onNode };
      } finally {
        relay.close();
      }
    }),
  );
}
