import type { CommandName } from './commands/registry.ts';

/** Calls that help shows, each with what it does. Tests run them all. */
export type Examples = readonly (readonly [call: string, does: string])[];

export const EXAMPLES: Readonly<Record<CommandName | 'help', Examples>> = {
  table: [
    ['flopwise resnet50', 'every layer: its shapes and costs'],
    ['flopwise resnet50 --top 5 --formula', 'the five costliest layers'],
    ['flopwise resnet18 resnet34 resnet50', 'a row for each'],
    ['flopwise my.yaml --set width=64 --batch 8', 'your own spec, with other sizes'],
    ['flopwise resnet50 --memory -o report.html', 'a report to open in a browser'],
  ],
  compare: [
    ['flopwise compare basic bottleneck', 'the two blocks of the ResNet paper'],
    ['flopwise compare resnet50 my.yaml --by stage', 'two models, stage by stage'],
    ['flopwise compare bottleneck:d=?', 'the cost as a polynomial of d'],
  ],
  draw: [
    ['flopwise draw resnet50 -o resnet50.svg', 'a box for each block'],
    ['flopwise draw my.yaml --depth layer -o my.html', 'every layer, in a page'],
    ['flopwise draw my.yaml --against git:main -o changes.svg', 'what a branch changed'],
  ],
  plot: [
    ['flopwise plot resnet50 -o resnet50.svg', 'every plot'],
    ['flopwise plot resnet18 resnet50 --what memory -o m.svg', 'memory over the run, of both'],
  ],
  explain: [
    ['flopwise explain resnet50', 'what each tool counts, and why'],
    ['flopwise explain resnet50 --number 3.8G', 'where a published figure comes from'],
    ['flopwise explain resnet50 --from fvcore --to ptflops', 'the way from one tool to another'],
    ['flopwise explain gpt2 --training --to palm', 'why 6N + 12LHQT is not the step'],
  ],
  verify: [
    ['flopwise verify basic bottleneck', 'run both, and count every operation'],
    ['flopwise verify my.yaml --workers 2', 'with two threads'],
    ['flopwise verify my.yaml --training', 'a training step, forward and backward'],
  ],
  generate: [
    ['flopwise generate gpt2 --prompt 64 --new 8', 'a prompt, and eight tokens after it'],
    ['flopwise generate gpt2 --prompt 9 --new 9 --dtype bf16', 'with elements of two bytes'],
  ],
  train: [
    ['flopwise train resnet18 --batch 32 --by stage', 'a step of 32 images'],
    ['flopwise train gpt2 --optimizer adam --checkpoint block', 'what recomputing blocks saves'],
  ],
  check: [
    ['flopwise check', 'all that flopwise.config.yaml lists'],
    ['flopwise check my.yaml --max-macs 4.2G', 'fails if the model costs more'],
    ['flopwise check my.yaml --against git:origin/main', 'what a branch changed'],
    ['flopwise check --baseline main.json --update', 'write the baseline'],
  ],
  conventions: [
    ['flopwise conventions', 'all of them, operator by operator'],
    ['flopwise conventions fvcore', 'the rules of one, with their sources'],
  ],
  convert: [['flopwise convert my.yaml --to bottleneck -o other.yaml', 'basic blocks as bottlenecks']],
  export: [
    ['flopwise export my.yaml -o my.onnx', 'an ONNX file that runs'],
    ['flopwise export resnet18 --no-weights -o resnet18.onnx', 'only the shapes of weights'],
    ['flopwise export my.yaml --to spec', 'the network without blocks or parameters'],
  ],
  solve: [
    ['flopwise solve my.yaml --param width --macs "<= 2M"', 'the largest width within 2 MMACs'],
    ['flopwise solve my.yaml --param width --parameters ">= 1M"', 'the smallest with 1 M parameters'],
    ['flopwise solve gpt2 --param batch --memory 4GiB', 'the largest batch that fits'],
  ],
  weights: [
    ['flopwise weights model.safetensors', 'parameters and bytes, by name and type'],
    ['flopwise weights model.safetensors --depth 1 --json', 'for programs'],
  ],
  list: [
    ['flopwise list', 'the whole zoo, by task'],
    ['flopwise list resnet --sort macs', 'some of it, the costliest first'],
  ],
  schema: [['flopwise schema -o spec.schema.json', 'a file for an editor']],
  mcp: [['flopwise mcp', 'waits for requests; agents start it']],
  init: [
    ['flopwise init', 'writes model.yaml'],
    ['flopwise init nets/small.yaml', 'another file'],
  ],
  docs: [
    ['flopwise docs', 'the pages there are'],
    ['flopwise docs spec', 'one of them'],
  ],
  completion: [
    ['flopwise completion bash', 'in ~/.bashrc: eval "$(flopwise completion bash)"'],
    ['flopwise completion zsh', 'in ~/.zshrc: eval "$(flopwise completion zsh)"'],
    ['flopwise completion fish', 'in config.fish: flopwise completion fish | source'],
  ],
  help: [['flopwise help table', 'as "flopwise table --help"']],
};

/** Those of the program as a whole. */
export const PROGRAM_EXAMPLES: Examples = [
  ['flopwise resnet50', 'every layer: its shapes and costs'],
  ['flopwise resnet50 --by block --exact', 'whole integers, block by block'],
  ['flopwise resnet50 --top 5 --formula', 'the five costliest layers'],
  ['flopwise resnet18 resnet34 resnet50', 'a row for each'],
  ['flopwise compare basic bottleneck', 'the two blocks of the ResNet paper'],
  ['flopwise resnet50 --convention fvcore', 'what fvcore prints, layer by layer'],
  ['flopwise explain resnet50 --number 3.8G', 'where a figure comes from'],
  ['flopwise verify basic bottleneck', 'run them and count every operation'],
  ['flopwise check my.yaml --max-macs 4.2G', 'fails if the model costs more'],
  ['flopwise my.yaml --set width=64 --batch 8', 'your own spec'],
];
