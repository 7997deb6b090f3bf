import type { Plugin } from 'esbuild';

/**
 * ssh2 does without its native modules where they cannot be loaded. Left as they are, Node would look for them at run time, in
 * every folder above the program: whoever may write to one of those would run code of his own with our SSH key.
 */
export const withoutNativeModules: Plugin = {
  name: 'without-native-modules',
  setup({ onLoad, onResolve }) {
    const namespace = 'native';
    onResolve({ filter: /^cpu-features$|\.node$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /^/, namespace }, () => ({ contents: "throw new Error('left out of the bundle');" }));
  },
};
