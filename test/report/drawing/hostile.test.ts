import { describe, expect, it } from 'vitest';
import { draw } from '../../../src/analysis/drawing/draw.ts';
import { drawingDot } from '../../../src/report/drawing/dot.ts';
import { drawingHtml } from '../../../src/report/drawing/html.ts';
import { drawingMermaid } from '../../../src/report/drawing/mermaid.ts';
import { drawingFile } from '../../../src/report/drawing/svg.ts';
import { hostile } from './hostile.ts';
import { checkPicture } from './picture.ts';

const drawings = ['stage', 'block', 'layer'] as const;

describe.each(drawings)('names of a stranger, drawn by %s', (depth) => {
  const drawn = draw([hostile(), hostile()], { depth });

  it('stay text in SVG, inside their boxes', () => {
    const svg = drawingFile(drawn, {});
    checkPicture(svg);
    expect(svg).not.toMatch(/<script|<img|onerror="/);
  });

  it('stay text in HTML', () => expect(drawingHtml(drawn, {})).not.toMatch(/<script>alert|<img/));

  it('stay text in Mermaid', () => {
    const text = drawingMermaid(drawn, {});
    expect(text).not.toMatch(/%%|`|<(?!br>)/);
    const label = String.raw`"[\p{L}\p{N} .,/×+…·–#;<>�-]*"`;
    const line = new RegExp(
      String.raw`^ *(flowchart TD|subgraph m\d+(r\d+)?\[${label}\]|end|m\d+v\d+(\[${label}\]|\(\[${label}\]\)|\(\(${label}\)\)):::heat\d|m\d+v\d+ -(-|\.-)> m\d+v\d+|classDef heat\d fill:#\w+,stroke:#\w+,color:#\w+)$`,
      'u',
    );
    for (const one of text.split('\n')) expect(one).toMatch(line);
  });

  it('stay text in Graphviz', () => {
    const text = drawingDot(drawn, {});
    const strings = /"(?:[^"\\\n]|\\[^\n])*"/g;
    expect(text.replace(strings, '""')).toMatch(/^[\w\s{}[\]=,.;>"-]*$/);
  });
});
