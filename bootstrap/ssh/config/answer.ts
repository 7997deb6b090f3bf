/** What `ssh -G` says of one host: the values of each keyword, in their order. */
export type Answer = ReadonlyMap<string, readonly string[]>;

/** A line is a keyword, a blank and the value as it is: quotes and blanks in it are its own. */
export function parseAnswer(text: string): Answer {
  const answer = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const earlier = answer.get(keyword);
    if (earlier === undefined) answer.set(keyword, [value]);
    else earlier.push(value);
  }
  return answer;
}

export const first = (answer: Answer, keyword: string): string | undefined => answer.get(keyword)?.[0];

/** Releases before 8.5 have other names for some keywords. */
export function list(answer: Answer, ...keywords: readonly string[]): readonly string[] | undefined {
  return keywords.map((keyword) => first(answer, keyword)?.split(',')).find((names) => names !== undefined);
}

export const isNone = (value: string): boolean => value.toLowerCase() === 'none';

/** Yes and no come in two spellings. */
export const saysNo = (answer: Answer, keyword: string): boolean => /^(no|false)$/.test(first(answer, keyword) ?? '');
export const saysYes = (answer: Answer, keyword: string): boolean => /^(yes|true)$/.test(first(answer, keyword) ?? '');

/** Undefined for what is not a positive number: `none`, and 0, which means the same. */
export const positive = (answer: Answer, keyword: string): number | undefined =>
  Number(first(answer, keyword)) > 0 ? Number(first(answer, keyword)) : undefined;

/** Several files stand on one line without quotes, so a blank parts them only where the next one is seen to begin. */
export function files(answer: Answer, keyword: string): readonly string[] {
  const names = first(answer, keyword)?.split(/ (?=[/~]|[A-Za-z]:)/) ?? [];
  return names.filter((name) => !isNone(name));
}
