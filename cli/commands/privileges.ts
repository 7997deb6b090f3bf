import type { Major } from '../../contract/privileges';
import type { Command, Given } from '../command';
import type { Context } from '../context';
import { FINDINGS, WELL, WrongUse } from '../exit';

export const PRIVILEGES: Command = {
  name: 'privileges',
  usage: '[PRESET] [OPTIONS]',
  summary: 'Show what a preset grants on a release, and what each privilege is for.',
  details:
    'Without a preset and a task: every preset, and whom it is for. Asks no node; a node itself decides which privileges it knows.\n' +
    'With --diff it ends with 3 where the two lists differ.',
  options: {
    release: { type: 'string', value: '7|8|9', help: 'Major release of Proxmox VE; without it 9.' },
    diff: { type: 'string', value: 'PRESET', help: 'What this preset grants more, and less.' },
    task: {
      type: 'string',
      multiple: true,
      value: 'clone|snapshot|backup|passthrough|csi|ccm|monitoring',
      help: 'The least for this task, and on which paths. More than once: for all of them.',
    },
    json: { type: 'boolean', help: 'The same as JSON.' },
  },
  examples: [
    'privileges',
    'privileges opentofu --release 8',
    'privileges opentofu --diff bpg',
    'privileges --task clone --task snapshot',
  ],
  words: { least: 0, most: 1 },
  run,
};

async function run(given: Given, { terminal }: Context): Promise<number> {
  const { compare, listPreset, listTasks } = await import('../privileges/lists.js');
  const { renderAll, renderDifference, renderPreset, renderTasks } = await import('../privileges/render.js');
  const release = readRelease(given.value('release'));
  const view = { release, json: given.flag('json'), columns: terminal.columns, colour: terminal.colour };
  const [[preset], tasks, other] = [given.words, given.values('task'), given.value('diff')];
  const print = (lines: readonly string[]) => lines.forEach((line) => void terminal.print(line));
  if (tasks.length > 0) {
    if (preset !== undefined || other !== undefined) throw new WrongUse('`--task` stands alone: it takes no preset.');
    print(renderTasks(tasks, listTasks(tasks, release), view));
  } else if (preset === undefined) {
    if (other !== undefined) throw new WrongUse('`--diff` compares two presets: name both.');
    print(renderAll(view));
  } else if (other === undefined) {
    print(renderPreset(preset, listPreset(preset, release), view));
  } else {
    const difference = compare(preset, other, release);
    print(renderDifference(difference, view));
    if (difference.add.length + difference.remove.length > 0) return FINDINGS;
  }
  return WELL;
}

function readRelease(text = '9'): Major {
  if (text === '7' || text === '8' || text === '9') return Number(text) as Major;
  throw new WrongUse(`\`--release\` is 7, 8 or 9, got: ${text}`);
}
