import { posix } from 'node:path';
import { hasControls } from '../../contract/identifiers';
import type { OutputFormat } from './entry';
import type { Field } from './field';
import { readText } from './readers';
import { show } from './redact';

/** The path of an output: relative to the folder of `cdktf.json`, normalised. */
export function readOutputFile(
  field: Field,
  format: OutputFormat,
  environment: string,
  input: string | undefined,
): string {
  const fallback = `env/${environment}/${format === 'env' ? 'terraform.env' : 'terraform.tfvars'}`;
  const text = readText(field, fallback);
  if (text === undefined) return fallback;
  const file = posix.normalize(text);
  const complaint = complainOfForm(text) ?? complainOfEnding(file, format) ?? complainOfInput(file, input, environment);
  if (complaint) field.refuse(`${complaint.what}, got: ${show(text)}`, complaint.why, complaint.fix);
  return file;
}

const RELATIVE = 'Write it relative to the folder of cdktf.json, like "../consumer/terraform.tfvars".';

function complainOfForm(text: string) {
  if (posix.isAbsolute(text) || /^[A-Za-z]:/.test(text)) {
    const why = 'The synthesized JSON is to be the same on every machine.';
    return { what: 'is an absolute path', why, fix: RELATIVE };
  }
  if (text.startsWith('~'))
    return { what: 'begins with ~', why: 'No shell reads it; a folder would be called so.', fix: RELATIVE };
  if (text.includes('\\'))
    return { what: 'has backslashes', why: 'Paths are written the same everywhere.', fix: RELATIVE };
  if (text.trim() !== text || hasControls(text)) {
    return {
      what: 'has blanks around it or control characters',
      why: 'That is a slip of the keyboard.',
      fix: RELATIVE,
    };
  }
  return undefined;
}

function complainOfEnding(file: string, format: OutputFormat) {
  const tfvars = file.endsWith('.tfvars');
  const json = file.endsWith('.json');
  if (format === 'env' && (tfvars || json)) {
    const why = 'Lines for a shell are neither tfvars nor JSON, and Terraform would try to read them.';
    return { what: 'does not fit format = "env"', why, fix: 'End it in ".env" or ".sh", or choose another format.' };
  }
  if (format !== 'env' && ((!tfvars && !json) || /(^|\/)\.(tfvars|json)$/.test(file))) {
    const why = 'The ending says what is written: tfvars, or JSON.';
    return {
      what: 'ends neither in .tfvars nor in .json',
      why,
      fix: 'End it in "terraform.tfvars" or "terraform.tfvars.json".',
    };
  }
  if (file.endsWith('/') || /(^|\/)\.{1,2}$/.test(file)) {
    return { what: 'is a folder', why: 'A file is written.', fix: RELATIVE };
  }
  return undefined;
}

/** Folders and files of the project that are written by others. */
const TAKEN = /^(\.git|\.handoff|cdktf\.out|node_modules)\/|^(package|package-lock|cdktf|tsconfig)\.json$/;

function complainOfInput(file: string, input: string | undefined, environment: string) {
  if (TAKEN.test(file)) {
    return { what: 'belongs to the project itself', why: 'It would be overwritten, or deleted.', fix: RELATIVE };
  }
  if (input === undefined) return undefined;
  const folder = posix.dirname(posix.normalize(input.replaceAll('\\', '/')));
  const inputs = [folder, 'env'].includes(posix.dirname(file)) || folder.endsWith(`/${posix.dirname(file)}`);
  if (!inputs) return undefined;
  return {
    what: 'stands among the env files',
    why: 'Files there are committed, this one with its secrets; a .tfvars would be read as an env file next time.',
    fix: `Write file = "env/${environment}/terraform.tfvars": folders below env/ are git-ignored.`,
  };
}
