export type { PresetName } from '../contract/presets';
export { Refusal } from '../contract/refusal';
export type {
  AccessSettings,
  AclSetting,
  OnExisting,
  Removal,
  SshSettings,
  VerifySettings,
} from '../contract/settings';
export { addEnvironment, type EnvironmentProps, EnvironmentStack, FilesStack } from './environment-stack';
export type { ClusterEntry, Environment, Json, OutputFormat, OutputSpec } from './input/entry';
export { InvalidInput, type Problem } from './input/problem';
export { readEnvironment, readEnvironments } from './input/read';
export type { AclProps, BootstrapProps, ProxmoxClusterProps, SshProps, TimeoutProps } from './props';
export { ProxmoxCluster } from './proxmox-cluster';
export { TfvarsFile, type TfvarsFileProps } from './tfvars-file';
