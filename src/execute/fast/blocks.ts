/** How many filters a kernel takes at once: lanes are filters. */
const WIDTHS = [8, 4, 1] as const;

export interface FilterBlock {
  readonly first: number;
  readonly width: number;
}

/** Splits so many filters into blocks, the widest first, with no filter too many. */
export function blocksOf(filters: number): FilterBlock[] {
  const blocks: FilterBlock[] = [];
  let first = 0;
  for (const width of WIDTHS)
    for (; first + width <= filters; first += width) {
      blocks.push({ first, width });
    }
  return blocks;
}
