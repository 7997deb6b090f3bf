import type { Plugin } from 'esbuild';

/**
 * Leaves out what of ssh2 nobody here calls: its server, SFTP, key generation and HTTP agents. A fifth of the bundle, which every
 * start has to read.
 */
export const clientAlone: Plugin = {
  name: 'client-alone',
  setup({ onLoad }) {
    const unused = /ssh2[\\/]lib[\\/](?:server|keygen|http-agents|protocol[\\/]SFTP)\.js$/;
    // A class, since a channel is asked whether it is one of SFTP.
    onLoad({ filter: unused }, () => ({ contents: 'exports.SFTP = class {};' }));
  },
};
