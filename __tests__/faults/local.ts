/** What the preloaded file is to do in the program's process. */
export type LocalPlan = { readonly log: string; readonly k?: number } & (
  | { readonly fault?: 'none' | 'full' }
  | { readonly fault: 'die'; readonly moment: 'before' | 'after'; readonly signal: NodeJS.Signals }
);
