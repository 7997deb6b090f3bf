export { readConfiguration } from './configuration';
export type { Engine, Environment, Kind, Providers } from './engine';
export { thisMachine } from './machine';
export { buildOpenTofu, OPENTOFU_VERSION } from './opentofu';
export { type EngineOptions, prepareEngine } from './prepare';
export { renderEngine, renderExports } from './render';
