/** For ES modules: the same classes as `require` gives, not a second copy of them. */
export * from './index.js';
