import { byHand } from './deeds';
import { deploy } from './deploys';
import { addEntry, type Command, editEntry, removeEntry } from './edits';
import type { Owner } from './entries';
import { PLAIN } from './world';

const NUC: Owner = { environment: 'lab', cluster: 'nuc', node: 0 };
const HOST3: Owner = { environment: 'lab', cluster: 'host3', node: 1 };
const interrupted = (moment: number) => deploy('lab', { ...PLAIN, death: { how: 'interrupted', moment } });
const killed = (moment: number) => deploy('lab', { ...PLAIN, death: { how: 'killed, counted as made', moment } });
const withoutNode = (node: number) => deploy('lab', { ...PLAIN, fault: { kind: 'down', node } });

/** Lives that failed once, or that chance does not try often enough; each with a moment of its own. */
export const KNOWN: Readonly<Record<string, (moment: number) => readonly Command[]>> = {
  'an entry leaves a user that others made, and is interrupted': (moment) => [
    addEntry(HOST3, {}),
    addEntry(NUC, {}),
    byHand('adds the user', HOST3),
    withoutNode(0),
    editEntry(HOST3, { user: 'root@pam' }),
    interrupted(moment),
  ],
  'an entry wants less, and the engine is killed': (moment) => [
    addEntry(NUC, { paths: ['/', '/vms'] }),
    deploy('lab', PLAIN),
    editEntry(NUC, { paths: ['/vms'] }),
    killed(moment),
    deploy('lab', PLAIN),
  ],
  'an entry has another token, and the engine is killed': (moment) => [
    addEntry(NUC, {}),
    deploy('lab', PLAIN),
    editEntry(NUC, { number: 2 }),
    killed(moment),
    deploy('lab', PLAIN),
  ],
};

/** The same on a real engine: what one cluster's failure holds back. */
export const BESIDE_FAILURES: readonly Command[] = [
  addEntry(HOST3, {}),
  addEntry(NUC, {}),
  deploy('lab', PLAIN),
  removeEntry(HOST3),
  editEntry(NUC, { generation: '2' }),
  withoutNode(1),
  addEntry({ ...NUC, cluster: 'two' }, { user: 'ci@pve' }),
  withoutNode(1),
];
