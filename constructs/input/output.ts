import type { OutputFormat, OutputSpec } from './entry';
import type { Field } from './field';
import { nearest } from './nearest';
import { readOutputFile } from './output-file';
import { readChoice, readFlag, readMap, readText } from './readers';
import { show } from './redact';

const KEYS = ['file', 'format', 'variable', 'cluster', 'own_stack'] as const;
const EXAMPLE = '{ file = "../consumer/terraform.tfvars" }';
const FORMATS: readonly OutputFormat[] = ['map', 'token', 'env'];
const VARIABLES = { map: 'proxmox', token: 'proxmox_api_token', env: 'proxmox_api_token' } as const;
/** Names that Terraform keeps for itself. */
const META = ['source', 'version', 'providers', 'count', 'for_each', 'lifecycle', 'depends_on', 'locals'];

/** `input` is the env file itself, if there is one: no output may stand beside it. */
export function readOutputs(
  field: Field,
  environment: string,
  input: string | undefined,
  clusters: readonly string[],
): OutputSpec[] {
  const items = Array.isArray(field.value) ? field.value.map((_, index) => field.at(index)) : [field];
  const outputs: OutputSpec[] = [];
  for (const item of items) {
    const output = readOutput(item, environment, input, clusters);
    if (outputs.some(({ file }) => file.toLowerCase() === output.file.toLowerCase())) {
      item
        .at('file')
        .refuse(
          `is written by another output too: ${output.file}`,
          'The later one would overwrite the earlier one.',
          'Give each output a file of its own.',
        );
    }
    outputs.push(output);
  }
  return outputs;
}

function readOutput(
  item: Field,
  environment: string,
  input: string | undefined,
  clusters: readonly string[],
): OutputSpec {
  const field = readMap(item, KEYS, EXAMPLE) ?? item.without();
  const format = readChoice(field.at('format'), FORMATS, 'map');
  const file = readOutputFile(field.at('file'), format, environment, input);
  const cluster = readCluster(field.at('cluster'), clusters, format);
  return {
    file,
    format,
    variable: readVariable(field.at('variable'), format),
    ...(cluster !== undefined && { cluster }),
    ...(readFlag(field.at('own_stack'), false) && { ownStack: true }),
  };
}

function readVariable(field: Field, format: OutputFormat): string {
  const variable = readText(field, VARIABLES[format]) ?? VARIABLES[format];
  const fix = `Write variable = "${VARIABLES[format]}", or leave it out.`;
  const form = format === 'env' ? /^[A-Za-z_][A-Za-z0-9_]*$/ : /^[A-Za-z_][A-Za-z0-9_-]*$/;
  if (!form.test(variable)) {
    const why = format === 'env' ? 'A shell would not take it as a name.' : 'Variables are letters, digits, `_`, `-`.';
    field.refuse(`is not the name of a variable, got: ${show(variable)}`, why, fix);
  } else if (META.includes(variable)) {
    field.refuse(`is reserved, got: ${show(variable)}`, 'Terraform allows no variable of this name.', fix);
  }
  return variable;
}

function readCluster(field: Field, clusters: readonly string[], format: OutputFormat): string | undefined {
  const list = clusters.length > 0 ? `There are ${clusters.join(', ')}.` : 'There is no cluster in `proxmox`.';
  if (!field.given && format === 'token' && clusters.length > 1) {
    return field.refuse(
      'is missing',
      `A file of format "token" holds one token. ${list}`,
      'Add cluster = one of them.',
    );
  }
  const cluster = readText(field, clusters[0] ?? 'nuc');
  if (cluster === undefined || clusters.includes(cluster)) return cluster;
  const meant = nearest(cluster, clusters);
  return field.refuse(
    `is not a cluster of this file, got: ${show(cluster)}`,
    list,
    meant ? `Write cluster = "${meant}".` : 'Name one of them, or leave it out.',
  );
}
