/** What a model is for, in the order in which `list` shows them. */
export const TASKS = [
  'image classification',
  'object detection',
  'segmentation',
  'image generation',
  'vision and language',
  'language',
  'speech',
] as const;

export type Task = (typeof TASKS)[number];

export const isTask = (value: unknown): value is Task => (TASKS as readonly unknown[]).includes(value);
