import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { findConflicts } from './input/conflicts';
import { inProps, pathInProps } from './input/wording';
import type { ProxmoxCluster } from './proxmox-cluster';
import type { TfvarsFile } from './tfvars-file';

/** What the input was: an env file, or props. Complaints come in its words. */
type Words = 'file' | 'props';

interface Known {
  readonly clusters: { readonly cluster: ProxmoxCluster; readonly words: Words }[];
  readonly files: TfvarsFile[];
}

const apps = new WeakMap<App, Known>();

/** The app, over all of its stacks, is refused at synthesis if this cluster would fight another one on the node. */
export function checkCluster(cluster: ProxmoxCluster, words: Words): void {
  knownIn(cluster).clusters.push({ cluster, words });
}

/** The app is refused at synthesis if this file and another one would be one file, or one block. */
export function checkFile(file: TfvarsFile): void {
  knownIn(file).files.push(file);
}

function knownIn(construct: Construct): Known {
  const app = App.of(construct);
  const there = apps.get(app);
  if (there) return there;
  const known: Known = { clusters: [], files: [] };
  apps.set(app, known);
  app.node.addValidation({ validate: () => [...complaintsOf(known.clusters), ...complaintsOfFiles(known.files)] });
  return known;
}

function complaintsOf(all: Known['clusters']): string[] {
  const named = all.map(({ cluster: { entry, node }, words }) => ({ entry, words, name: node.path }));
  return findConflicts(named).map(({ at, keys, what, why, fix }) => {
    const text = ` ${what}. ${why} ${fix}`;
    const isProps = at.words === 'props';
    return `${at.name}: ${(isProps ? pathInProps(keys) : keys).join('.')}${isProps ? inProps(text) : text}`;
  });
}

function complaintsOfFiles(all: Known['files']): string[] {
  return all.flatMap((file, index) => {
    const others = all.slice(0, index);
    return [...findSamePath(file, others), ...findSameBlock(file, others)];
  });
}

function findSamePath({ file, node }: TfvarsFile, others: readonly TfvarsFile[]): string[] {
  // Some file systems do not tell them apart.
  const twin = others.find((other) => other.file.toLowerCase() === file.toLowerCase());
  if (!twin) return [];
  const why = 'The later one would overwrite the earlier one.';
  return [`${node.path}: file is also written by ${twin.node.path}: ${file}. ${why} Give each a file of its own.`];
}

function findSameBlock(file: TfvarsFile, others: readonly TfvarsFile[]): string[] {
  const { id, path } = file.node;
  const twin = others.find((other) => other.node.id === id && TerraformStack.of(other) === TerraformStack.of(file));
  if (!twin) return [];
  const why = 'Blocks are named after the construct id alone: the two would be one.';
  return [`${path}: has the id of ${twin.node.path}. ${why} Give one of them another id.`];
}
