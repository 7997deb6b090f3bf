import type { Refusal } from '../../contract/refusal';
import type { Remark, StateName } from './row';

export function finding(name: StateName, text: string, command?: string): Remark {
  return { tier: 'finding', name, text, ...(command === undefined ? {} : { command }) };
}

export const note = (name: StateName, text: string): Remark => ({ tier: 'note', name, text });
export const unseen = (name: StateName, text: string): Remark => ({ tier: 'unseen', name, text });

/** A refusal has its own way out, so no command is named. */
export function toldAs(tier: Remark['tier'], name: StateName, { what, fix }: Refusal): Remark {
  return { tier, name, text: `${what} ${fix}` };
}

export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
