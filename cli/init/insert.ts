import { SourceLines } from '../../constructs/input/lines';
import { renderHclAttribute } from '../../constructs/render/hcl';
import { renderJson } from '../../constructs/render/json';
import type { Value } from '../../constructs/render/value';
import { notEditable } from '../env-file/edit';
import { closingOf } from './statements';

/** What a new env file begins with. */
export const HEAD = `# What each cluster is called, and which token it gets. This file is committed; it holds no secret.
# \`proxmox-tokens plan\` shows what a deploy would do, \`proxmox-tokens deploy\` does it.

`;

/** The env file with one more cluster at the end of the map `proxmox`, all else left to the byte. No text: a new file. */
export function addCluster(text: string | undefined, name: string, entry: Value, json: boolean): string {
  if (text === undefined || text.trim() === '') {
    const whole = { [name]: entry };
    return json ? `${renderJson({ proxmox: whole })}\n` : `${text ?? ''}${HEAD}${renderHclAttribute('proxmox', whole)}`;
  }
  const span = new SourceLines(text).valueOf(['proxmox']);
  if (span === undefined || text[span.start] !== '{') throw notEditable(['proxmox', name]);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const end = closingOf(text, span.start);
  const line = text.slice(text.lastIndexOf('\n', span.start) + 1, span.start);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const block = render(name, entry, json)
    .trimEnd()
    .split('\n')
    .map((part) => `${indent}  ${part}`)
    .join(newline);
  const inside = text.slice(span.end, end);
  const isEmpty = inside.trim() === '';
  const [before = newline + indent] = isEmpty ? [] : (/\r?\n[^\S\n]*$/.exec(inside) ?? []);
  const others = isEmpty ? '' : inside.endsWith(before) ? inside.slice(0, -before.length) : inside;
  // All of it stays as it is, but for the comma that JSON wants behind the last cluster.
  const last = others.trimEnd().length;
  const [kept, rest] = json && !isEmpty ? [`${others.slice(0, last)},`, others.slice(last)] : [others, ''];
  const gap = isEmpty || json ? newline : `${newline}${newline}`;
  return `${text.slice(0, span.end)}${kept}${gap}${block}${before}${rest}${text.slice(end)}`;
}

function render(name: string, entry: Value, json: boolean): string {
  return json ? `${JSON.stringify(name)}: ${renderJson(entry)}` : renderHclAttribute(name, entry);
}
