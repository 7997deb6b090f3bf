import { styleText } from 'node:util';

export type Paint = (colour: 'red' | 'green' | 'yellow' | 'bold' | 'dim', text: string) => string;

/** Colours text, or leaves it as it is. */
export function painter(colour: boolean): Paint {
  // Whether colours may be used is settled already: newer releases of Node.js would look at standard output again.
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
