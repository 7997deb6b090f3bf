import { expect, test } from 'vitest';
import { type OptionKind, parseOptions } from '../../simulator/pveum/getopt';

const TABLE = new Map<string, OptionKind>([
  ['enable', 'optional'],
  ['expire', 'required'],
  ['comment', 'required'],
  ['groups', 'list'],
]);

/** Answers of Perl's own parser to the same table. */
test.each([
  { args: ['--enable'], options: { enable: [''] } },
  { args: ['--expire=3'], options: { expire: ['3'] } },
  { args: ['--comment='], warnings: ['Option comment requires an argument'] },
  { args: ['--expire'], warnings: ['Option expire requires an argument'] },
  { args: ['--comment', 'x', 'y', '--', '-z', '--q'], options: { comment: ['x'] }, rest: ['y', '-z', '--q'] },
  { args: ['-=x'], warnings: ['Unknown option: =x'] },
  { args: ['--comment', '--enable', '1'], options: { comment: ['--enable'] }, rest: ['1'] },
  { args: ['-'], rest: ['-'] },
  { args: ['--enable', '-1'], options: { enable: [''] }, warnings: ['Unknown option: 1'] },
  { args: ['--enable', '-'], options: { enable: ['-'] } },
  { args: ['--enable=', '1'], options: { enable: [''] }, rest: ['1'] },
  { args: ['--FOO=1'], warnings: ['Unknown option: foo'] },
  { args: ['---comment', 'x'], rest: ['x'], warnings: ['Unknown option: -comment'] },
  { args: ['--enable', '--', 'x'], options: { enable: [''] }, rest: ['x'] },
  { args: ['--enable', '1', '--enable', '0'], options: { enable: ['0'] } },
  { args: ['--groups', 'a', '--groups=b'], options: { groups: ['a', 'b'] } },
  { args: ['--comment=a=b'], options: { comment: ['a=b'] } },
  { args: ['-expire', '-1'], options: { expire: ['-1'] } },
])('$args', ({ args, options = {}, rest = [], warnings = [] }) => {
  const parsed = parseOptions(args, TABLE);
  expect(Object.fromEntries(parsed.options)).toEqual(options);
  expect(parsed.rest).toEqual(rest);
  expect(parsed.warnings).toEqual(warnings);
});
