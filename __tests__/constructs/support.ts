import { App, TerraformStack } from 'cdktf';
import type { ProxmoxClusterProps } from '../../constructs';

/** The JSON that this makes of a stack, with its keys sorted as `cdktf synth` writes them, without touching the disk. */
export function synthesize(make: (app: App) => TerraformStack): string {
  const stack = make(new App());
  stack.prepareStack();
  return `${JSON.stringify(sorted(stack.toTerraform()), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** The same for a plain stack, taken apart. */
export function synthesizeIn(fill: (stack: TerraformStack) => void, id = 'lab') {
  return JSON.parse(
    synthesize((app) => {
      const stack = new TerraformStack(app, id);
      fill(stack);
      return stack;
    }),
  );
}

/** The least that a cluster has to be told. */
export const LEAST: ProxmoxClusterProps = { endpoint: 'https://nuc.example.net:8006', apiToken: 'root@pam!tofu' };
