import type { Report } from '../report';
import { type Result, spreadOf } from '../result';
import { figure } from './markdown';

const WIDTH = 860;
const BARS = { left: 20, width: 700 };
const ROW = 48;

/** `docs/benchmark.svg`: a bar a ratio, a thin line from the least to the most, a mark where it is wanted to end. */
export function renderSvg({ results }: Report): string {
  const ratios = results.filter(({ unit }) => unit === 'times');
  const most = Math.max(1, ...ratios.flatMap(({ values, target = 0 }) => [...values, target]));
  const x = (value: number) => (BARS.left + (value / most) * BARS.width).toFixed(1);
  const height = ratios.length * ROW + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<line x1="${x(1)}" x2="${x(1)}" y1="8" y2="${height - 28}" stroke="#9aa0a6" stroke-dasharray="4 3"/>
<text x="${x(1)}" y="${height - 10}" fill="#5f6368" text-anchor="middle">1: as long as the other</text>
${ratios.map((result, index) => bar(result, index * ROW + 10, x)).join('')}</svg>
`;
}

function bar({ title, unit, values, target }: Result, top: number, x: (value: number) => string): string {
  const { median, low, high } = spreadOf(values);
  const [y, middle] = [top + 18, top + 25];
  const width = (Number(x(median)) - BARS.left).toFixed(1);
  const isMet = target === undefined || median <= target;
  const mark =
    target === undefined
      ? ''
      : `<line x1="${x(target)}" x2="${x(target)}" y1="${y - 2}" y2="${y + 16}" stroke="#202124" stroke-width="3"/>\n`;
  const end = Math.max(Number(x(high)), Number(x(target ?? 0)));
  return `<text x="${BARS.left}" y="${top + 13}" fill="#202124">${escaped(title.replaceAll('`', ''))}</text>
<rect x="${BARS.left}" y="${y}" width="${width}" height="14" fill="${isMet ? '#4c8f6b' : '#c27b3a'}"/>
<line x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}" stroke="#202124"/>
${mark}<text x="${(end + 8).toFixed(1)}" y="${y + 12}" fill="#202124">${figure(median, unit)}</text>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
