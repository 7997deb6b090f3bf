import { describe, expect, test } from 'vitest';
import { addCluster } from '../../../cli/init/insert';
import { parseHcl } from '../../../constructs/input/parse';

const ENTRY = {
  endpoint: 'https://two.example.net:8006',
  api_token: 'root@pam!two',
  bootstrap: { ssh: { port: 2222 } },
};

const valuesOf = async (text: string, json: boolean) => {
  const parsed = json ? { values: JSON.parse(text) as unknown } : await parseHcl(text);
  if ('fault' in parsed) throw new Error(JSON.stringify(parsed.fault));
  return parsed.values as { proxmox: Record<string, unknown> };
};

const HCL: Readonly<Record<string, string>> = {
  'a map over lines': 'proxmox = {\n  nuc = {\n    endpoint = "https://nuc:8006"\n  }\n}\n',
  'a map that others follow': 'proxmox = {\n  nuc = {}\n}\n\noutput = { file = "x" } # }\n',
  'an empty map': 'proxmox = {}\n',
  'an empty map over lines': '# first\nproxmox = {\n}\n# last',
  'a map on one line': 'proxmox = { nuc = { endpoint = "https://nuc:8006" } }',
  'a map with commas': 'proxmox = {\n  nuc = { a = "x", },\n}\n',
  'braces in texts and comments':
    'proxmox = {\n  nuc = {\n    note = "a } b" # and }\n    /* } */ more = "\\"}" // }\n    text = <<EOT\n}\nEOT\n  }\n  # the end }\n}\n',
  'a last line with a comment': 'proxmox = {\n  nuc = {} # last\n}\n',
  'another indentation': '  proxmox = {\n\t\tnuc = {}\n\t\t}\n',
  'lines that end as on Windows': 'proxmox = {\r\n  nuc = {\r\n  }\r\n}\r\n',
};

const JSONS: Readonly<Record<string, string>> = {
  'a map over lines': '{\n  "proxmox": {\n    "nuc": {}\n  }\n}\n',
  'a map that others follow': '{ "proxmox": { "nuc": { "a": "}" } }, "output": {} }',
  'an empty map': '{ "proxmox": {} }\n',
};

describe.each([
  ['HCL', HCL, false],
  ['JSON', JSONS, true],
] as const)('in %s, beside what is there in', (_, texts, json) => {
  test.each(Object.entries(texts))('%s', async (_name, text) => {
    const after = addCluster(text, 'two', ENTRY, json);
    const [before, then] = [await valuesOf(text, json), await valuesOf(after, json)];
    expect(then).toEqual({ ...before, proxmox: { ...before.proxmox, two: ENTRY } });
    expect(leftOf(text, after)).toBe(true);
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

/** Whether `after` is `text` with one piece put in, blanks of an empty map and the comma that JSON wants aside. */
function leftOf(text: string, after: string): boolean {
  const plain = (part: string) => part.replace(/\{\s*\}/g, '{}');
  const [old, now] = [plain(text), plain(after)];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return start + end === old.length;
}

test('a new file says what it is', () => {
  expect(addCluster(undefined, 'two', ENTRY, false)).toMatchSnapshot();
  expect(addCluster(undefined, 'two', ENTRY, true)).toMatchSnapshot();
});

test('a cluster that is added stands behind the others', () => {
  expect(addCluster(HCL['a map that others follow'], 'two', ENTRY, false)).toMatchSnapshot();
});

test('a map that is not written out cannot be added to', () => {
  expect(() => addCluster('proxmox = var.x\n', 'two', ENTRY, false)).toThrow('`proxmox.two` cannot be set');
});
