import { nameOf } from '../../bootstrap/apply';
import { commandOf } from '../../bootstrap/node/commands';
import type { Step } from '../../bootstrap/node/steps';
import { type ClusterEntry, type Environment, filesStack } from '../../constructs/input/entry';
import { accessTriggers, type Triggers, tokenTriggers } from '../../constructs/triggers';
import { changesIn, type EntryPlan } from '../entry-plan';
import { ask } from '../settled';
import type { State } from '../state';
import { showStep } from '../step-text';
import type { OnNode, Sight } from './look';
import { counted, finding, note, toldAs, unseen } from './remarks';
import type { Place, Remark } from './row';

export interface Drift {
  readonly places: readonly Place[];
  readonly remarks: readonly Remark[];
  /** What makes node and state of this entry as they should be. */
  readonly command: string;
}

/** Where env file, node, state and output file of an entry are not the same. `seen`: the node, if it could be looked at. */
export function driftOf({ entry, state, outputs }: Sight, seen: OnNode | undefined, environment: string): Drift {
  // What the engine would do by itself is due; what it believes to be done has to be done again.
  const due = dueIn(state, entry);
  const deploy = `proxmox-tokens deploy ${environment}`;
  const command = due === undefined ? `proxmox-tokens repair ${environment} ${entry.name}` : deploy;
  const held = state.kind === 'local' ? state.clusters.get(entry.name)?.secret : undefined;
  // The engine writes a file from the state, so that has to be right first.
  const isRight = due !== undefined || (held !== undefined && held === (seen?.secret ?? held));
  const commands = {
    deploy,
    other: isRight ? deploy : command,
    absent: isRight || state.kind !== 'local' ? deploy : command,
  };
  const parts: readonly (readonly [Place, readonly Remark[]])[] = [
    ['node', seen === undefined ? [] : remarksOnNode(seen, environment, command)],
    [
      'state',
      due === undefined ? remarksOnSecret(state, held, seen?.secret, command) : [finding('state-drift', due, deploy)],
    ],
    ['output', remarksOnOutputs(outputs, seen?.secret ?? held, environment, commands)],
  ];
  return {
    places: parts.flatMap(([place, remarks]) => (remarks.some(({ tier }) => tier === 'finding') ? [place] : [])),
    remarks: parts.flatMap(([, remarks]) => remarks),
    command,
  };
}

/** What the next deploy does without being told, in a sentence. */
function dueIn(state: State, entry: ClusterEntry): string | undefined {
  if (state.kind === 'none') return `It was not deployed yet: there is no ${state.file}.`;
  if (state.kind !== 'local') return undefined;
  const { access, token, secret } = state.clusters.get(entry.name) ?? {};
  if (access === undefined && token === undefined) return `It was not deployed yet: ${state.file} does not have it.`;
  if (access === undefined || token === undefined || secret === undefined) return 'Its last deploy was not completed.';
  const isSame = (a: Triggers, b: Triggers) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => a[key] === b[key]);
  if (isSame(access, accessTriggers(entry)) && isSame(token, tokenTriggers(entry))) return undefined;
  return 'Its entry was changed after the last deploy.';
}

const SHOWN = 3;

function remarksOnNode({ plan }: OnNode, environment: string, command: string): Remark[] {
  const [planned, refused] = ask(plan);
  if (refused !== undefined) return [toldAs('finding', 'deploy-refused', refused)];
  const steps = changesIn(planned);
  if (steps.length === 0) return [];
  const lines = steps.slice(0, SHOWN).map((step) => describe(step, planned));
  const more =
    steps.length > SHOWN ? `; and ${steps.length - SHOWN} more, see \`proxmox-tokens plan ${environment}\`` : '';
  return [
    finding(
      'node-drift',
      `The node is ${counted(steps.length, 'step')} from the env file: ${lines.join('; ')}${more}.`,
      command,
    ),
  ];
}

/** `pveum role modify ci (+1 -2)` */
function describe(step: Step, { found }: EntryPlan): string {
  const name = nameOf(commandOf(step));
  if (step.verb === 'renewToken') return `${name} (new secret)`;
  const { add, remove } = showStep(step, found);
  const counts = [...(add.length > 0 ? [`+${add.length}`] : []), ...(remove.length > 0 ? [`-${remove.length}`] : [])];
  return step.verb === 'setRole' ? `${name} (${counts.join(' ')})` : name;
}

function remarksOnSecret(
  state: State,
  held: string | undefined,
  onNode: string | undefined,
  command: string,
): Remark[] {
  switch (state.kind) {
    case 'elsewhere':
      return [note('state-elsewhere', `The state is in backend ${state.backend} and was not looked at.`)];
    case 'encrypted':
      return [note('state-encrypted', `${state.file} is encrypted and was not looked at.`)];
    case 'unreadable':
      return [unseen('state-unseen', `${state.file} cannot be read: ${state.cause}.`)];
    default:
      if (onNode === undefined || held === onNode) return [];
      return [finding('state-drift', 'The state holds another secret than the node.', command)];
  }
}

function remarksOnOutputs(
  outputs: Sight['outputs'],
  truth: string | undefined,
  environment: string,
  commands: { readonly deploy: string; readonly other: string; readonly absent: string },
): Remark[] {
  return outputs.flatMap(({ file, secret, missing, ownStack }) => {
    if (missing === undefined && (truth === undefined || secret === truth)) return [];
    const command = missing === undefined ? commands.other : commands.absent;
    const own = ownStack && command === commands.deploy ? ` ${filesStack(environment)}` : '';
    return [finding('output-drift', `${file} ${missing ?? 'holds another secret'}.`, command + own)];
  });
}

/** Clusters that have left the env file, and that the state would still revoke. */
export function leftBehind({ name, clusters }: Environment, state: State): Remark[] {
  if (state.kind !== 'local') return [];
  const gone = state.revocable.filter((key) => !clusters.some((entry) => entry.name === key));
  return gone.map((key) =>
    finding(
      'removal-due',
      `${key} has left the env file, and its removal is still due.`,
      `proxmox-tokens deploy ${name}`,
    ),
  );
}
