import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenFrame, FrameReader, request } from '../../../bootstrap/node/frames';
import { frame as frameOf } from './support';

const MARKER = 'f00dfeed';

const frame = (word: string, ...parts: readonly (string | Buffer)[]) => frameOf(MARKER, word, ...parts);

/** Bytes cut into pieces at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const read = (reader: FrameReader, all: readonly Buffer[]) =>
  all
    .flatMap((piece) => reader.push(piece))
    .map(({ word, parts }) => [word, ...parts.map((part) => part.toString('hex'))]);

const arbPart = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  // Text that looks like a frame does no harm within its length.
  fc
    .constantFrom('', '\n', `\n${MARKER} end\n`, `\n${MARKER} 0 1\nx\n${MARKER} end\n`, `\n${MARKER} `)
    .map((text) => Buffer.from(text)),
);
const arbFrame = fc.tuple(fc.constantFrom('ready', 'waiting', '0', '255'), fc.array(arbPart, { maxLength: 2 }));
const arbNoise = fc.oneof(
  fc.constantFrom('', '\n\n', 'Welcome!\n', '\u001b]0;title\u0007', `\n${MARKER}`, MARKER, '\n f00d'),
  fc.string().map((text) => text.replaceAll(MARKER, '')),
);
const arbCuts = fc.array(fc.nat(), { maxLength: 12 });

describe('frames', () => {
  test('are the same wherever the output is cut, whatever noise stands between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(arbNoise, arbFrame)), arbNoise, arbCuts, (sent, last, cuts) => {
        const bytes = sent.map(([noise, [word, parts]]) => Buffer.concat([Buffer.from(noise), frame(word, ...parts)]));
        const reader = new FrameReader(MARKER);
        const got = read(reader, pieces(Buffer.concat([...bytes, Buffer.from(last)]), cuts));
        expect(got).toEqual(sent.map(([, [word, parts]]) => [word, ...parts.map((part) => part.toString('hex'))]));
      }),
      { numRuns: 1000 },
    );
  });

  test('leave the end of the noise for a message', () => {
    const reader = new FrameReader(MARKER);
    read(reader, [Buffer.from(`${'x'.repeat(5000)}before${frame('ready', '0')}`), Buffer.from('behind')]);
    expect(reader.noise).toHaveLength(2000);
    expect(reader.noise).toMatch(/^x+beforebehind$/);
  });

  test.each([
    ['text in the answer', frame('0', 'abc', '').toString().replace('abc', 'abcd')],
    ['text in the trailer', frame('0', 'abc', '').toString().replace('end', '\nend')],
    ['text in the header', frame('0', 'abc', '').toString().replace(' 3 ', ' [1]+ Done 3 ')],
    ['more than any command says', `\n${MARKER} 0 999999999 0\n`],
    ['many sizes that are too much together', `\n${MARKER} 0 9999999 9999999\n`],
    ['a size that is none', `\n${MARKER} 0 1e3\n`],
  ])('that %s breaks are told as broken', (_, text) => {
    fc.assert(
      fc.property(arbCuts, (cuts) => {
        expect(() => read(new FrameReader(MARKER), pieces(Buffer.from(text), cuts))).toThrow(BrokenFrame);
      }),
      { numRuns: 20 },
    );
  });

  test('of sixteen megabytes are read from small pieces at once', () => {
    const big = frame('0', 'x'.repeat(16 * 2 ** 20 - 9), '');
    const cuts = Array.from({ length: big.length / 1000 }, (_, index) => index * 1000);
    expect(read(new FrameReader(MARKER), pieces(big, cuts))).toHaveLength(1);
  }, 5000);
});

test('a request gives the length of each word in bytes, then the words', () => {
  expect(request(['pveum', 'Größe', '', 'a\nb']).toString()).toBe('5 7 0 3\npveumGrößea\nb');
});
