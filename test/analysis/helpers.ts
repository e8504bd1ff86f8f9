import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';

/** A model of the zoo or a part of one, by the name that a person would use. */
export const open = (reference: string): Graph => openModel(parseReference(reference), diskLibrary);
