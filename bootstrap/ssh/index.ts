/** The room's one door: a login to a node, and the one program that is started there. */
export { type Connection, connect } from './connect';
export { forEntry, type Machine, PASSPHRASE_VARIABLE, PASSWORD_VARIABLE, readMachine } from './machine';
export { type ShownKey, scanHostKey } from './scan';
export type { RemoteProcess } from './wire/process';
export { commandTimeout, connectionLost } from './wire/refusals';
