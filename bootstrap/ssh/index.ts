/** The room's one door: a login to a node, and the quoting of what is run there. */
export type { Clock } from './clock';
export type { Answer } from './command';
export { connect } from './connect';
export type { Connection } from './connection';
export { type Machine, PASSPHRASE_VARIABLE, PASSWORD_VARIABLE } from './machine';
export { quote } from './quote';
