import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceLines } from '../../../constructs/input/lines';
import { parseHcl } from '../../../constructs/input/parse';

const TEXT = `# proxmox = { not = "here" }
proxmox = { /* nor = "here"
*/ "zeta" = { b = 1, "a = 2" = "x = { y = 3" }
  // neither = 1
  alpha = {
    note = <<-EOT
      inside = 1
      }
    EOT
    list = [1, { deep = [
      true] }, [2,
      3]]
    last : null
  }
}
output = []
`;

async function valuesOf(text: string): Promise<unknown> {
  const parsed = await parseHcl(text);
  return 'values' in parsed ? parsed.values : undefined;
}

describe('lines', () => {
  const lines = new SourceLines(TEXT);
  test.each([
    [['proxmox'], 2],
    [['proxmox', 'zeta'], 3],
    [['proxmox', 'zeta', 'a = 2'], 3],
    [['proxmox', 'alpha', 'note'], 6],
    [['proxmox', 'alpha', 'list', 1, 'deep'], 10],
    [['proxmox', 'alpha', 'list', 1, 'deep', 0], 11],
    [['proxmox', 'alpha', 'list', 2, 1], 12],
    [['proxmox', 'alpha', 'last'], 13],
    [['output'], 16],
    [['not'], undefined],
    [['inside'], undefined],
    [['proxmox', 'alpha', 'inside'], undefined],
  ])('%j stands in line %s', (path, line) => {
    expect(lines.lineOf(path)).toBe(line);
  });

  test('keys come back in the order of the file', async () => {
    const values = lines.inFileOrder(await valuesOf(TEXT)) as { proxmox: Record<string, Record<string, unknown>> };
    expect(Object.keys(values)).toEqual(['proxmox', 'output']);
    expect(Object.keys(values.proxmox)).toEqual(['zeta', 'alpha']);
    expect(Object.keys(values.proxmox.zeta ?? {})).toEqual(['b', 'a = 2']);
    expect(Object.keys(values.proxmox.alpha ?? {})).toEqual(['note', 'list', 'last']);
  });

  test('ordering changes no value, whatever the keys are called', async () => {
    const values = await valuesOf('a = { __proto__ = { x = 1 }, constructor = 2, "10" = [{ b = 1, a = 2 }] }');
    const text = 'a = { __proto__ = { x = 1 }, constructor = 2, "10" = [{ b = 1, a = 2 }] }';
    expect(new SourceLines(text).inFileOrder(values)).toEqual(values);
  });

  test('no text makes it fail', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '=',
      ':',
      ',',
      '"',
      '\\',
      '\n',
      '<<EOT\n',
      'EOT',
      '#',
      '/*',
      'a',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => void new SourceLines(pieces.join('')).lineOf(['a'])));
  });
});
