import fc from 'fast-check';

/** Under CI the same examples each time: what has landed is not failed by what another seed finds. */
if (process.env.CI) fc.configureGlobal({ seed: 20260901 });
