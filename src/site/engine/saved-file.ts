import type { ExportFormat, SavedFile } from './protocol.ts';

const ENDINGS: Readonly<Record<ExportFormat, readonly [ending: string, type: string]>> = {
  csv: ['.csv', 'text/csv'],
  json: ['.json', 'application/json'],
  markdown: ['.md', 'text/markdown'],
  html: ['.html', 'text/html'],
  text: ['.txt', 'text/plain'],
  svg: ['.svg', 'image/svg+xml'],
  mermaid: ['.mmd', 'text/plain'],
  dot: ['.dot', 'text/vnd.graphviz'],
  latex: ['.tex', 'application/x-tex'],
  junit: ['.xml', 'application/xml'],
  sarif: ['.sarif', 'application/sarif+json'],
  gitlab: ['.gitlab.json', 'application/json'],
  github: ['.github.txt', 'text/plain'],
  summary: ['.summary.md', 'text/markdown'],
  onnx: ['.onnx', 'application/octet-stream'],
  'onnx-weights': ['.onnx', 'application/octet-stream'],
  spec: ['.yaml', 'application/yaml'],
};

/** What the file of a model in a format is called, and what is in it. */
export function fileOf(model: string, format: ExportFormat): Pick<SavedFile, 'name' | 'type'> {
  const [ending, type] = ENDINGS[format];
  return { name: `${model.replaceAll(/[^\w.-]/g, '_')}${ending}`, type };
}
