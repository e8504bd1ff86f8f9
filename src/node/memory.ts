import os from 'node:os';

/**
 * Bytes of memory that this process may still take: the least of what the machine has and what the container that it runs in, if
 * any, leaves it.
 */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  // 0, or more than there can be, where nothing limits it.
  const left = limit > 0 ? Math.max(0, limit - process.memoryUsage.rss()) : Number.POSITIVE_INFINITY;
  return Math.min(os.freemem(), process.availableMemory(), left);
}
