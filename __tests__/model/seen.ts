import { parseComment } from '../../contract/mark';
import type { SimulatedNode } from '../../simulator/node';
import type { ApplyStack } from './engine';
import { found, recordsOf, secretsOf } from './look';
import type { State } from './plan';

/** What each apply of a stack came to, without what differs from run to run: ids, addresses, secrets, the order of verbs. */
export class Watcher {
  readonly seen: object[] = [];
  private readonly secrets = new Map<string, number>();

  constructor(private readonly nodes: readonly SimulatedNode[]) {}

  /** The same engine, watched. */
  over(apply: ApplyStack): ApplyStack {
    return async (stack, before, ...rest) => {
      const applied = await apply(stack, before, ...rest);
      const { state, ok, ran } = applied;
      const verbs = ran.map(({ address, verb, failure }) => `${address} ${verb} ${failure === undefined}`).sort();
      const nodes = this.nodes.map((node) => [...recordsIn(node), ...this.secretsIn(node)].sort());
      this.seen.push({ stack: stack.name, ok, verbs, blocks: changesOf(before, state).sort(), nodes });
      return applied;
    };
  }

  /** Secrets by their number, as they were first seen. */
  private secretsIn(node: SimulatedNode): string[] {
    return [...secretsOf(node)].sort().map(([identity, secret]) => {
      const number = this.secrets.get(secret) ?? this.secrets.size;
      this.secrets.set(secret, number);
      return `${identity}: secret ${number}`;
    });
  }
}

/** Each mark by itself, with its words sorted: two entries of a user mark it in the order in which they came. */
function recordsIn(node: SimulatedNode): string[] {
  const { users, tokens } = found(node);
  const marked = [...users.values(), ...tokens.values()].flatMap(({ comment, ...one }) => {
    const { text, sections } = parseComment(comment);
    const marks = sections.map(({ owner, words }) => JSON.stringify([one, owner, [...words].sort()]));
    return [JSON.stringify([one, text]), ...marks];
  });
  return [...recordsOf(node).filter((record) => /^(acl|role|group):/.test(record)), ...marked];
}

function changesOf({ instances: before }: State, { instances: after }: State): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((address) => {
    const [was, is] = [before.get(address), after.get(address)];
    if (is === undefined) return [`${address} gone`];
    const tainted = is.tainted ? ' tainted' : '';
    if (was?.id !== is.id) return [`${address} ${was === undefined ? 'made' : 'replaced'}${tainted}`];
    return JSON.stringify(was.input) === JSON.stringify(is.input) ? [] : [`${address} updated`];
  });
}
