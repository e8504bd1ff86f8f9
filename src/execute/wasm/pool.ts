// Pooling by sliding windows over channels-last maps.

import { countAdds, countCompares, countDivides } from './counters';
import { POSITION, Position, tapAt, tapOf } from './window';
import { Window } from './window-fields';

/** The greatest element under each window, searched from −∞; taps on padding compare with that. `least` holds so many −∞ as there are channels. */
export function poolMaximum(g: Window, positions: usize, count: i32, channels: i32, least: usize, y: usize): void {
  let compares: i64 = 0;
  const row = channels << 2;
  for (let done = 0; done < count; done++) {
    const position = changetype<Position>(positions);
    memory.copy(y, least, row);
    for (let tap = 0; tap < g.tapCount; tap++) {
      const x = tapAt(g, position, tapOf(g, tap), 0, least);
      let place = 0;
      for (; place + 16 <= row; place += 16) {
        const value = v128.load(x + place);
        const greatest = v128.load(y + place);
        v128.store(y + place, v128.bitselect(value, greatest, f32x4.gt(value, greatest)));
        compares += 4;
      }
      for (; place < row; place += 4) {
        const value = load<f32>(x + place);
        const greatest = load<f32>(y + place);
        store<f32>(y + place, value > greatest ? value : greatest);
        compares++;
      }
    }
    positions += POSITION;
    y += row;
  }
  countCompares(compares);
}

/** The mean of all positions of each channel of `[images, positions, channels]`. */
export function poolWhole(x: usize, images: i32, positions: i32, channels: i32, y: usize): void {
  let adds: i64 = 0;
  let divides: i64 = 0;
  const row = channels << 2;
  const total = <f32>positions;
  for (let image = 0; image < images; image++) {
    memory.fill(y, 0, row);
    for (let position = 0; position < positions; position++) {
      let place = 0;
      for (; place + 16 <= row; place += 16) {
        v128.store(y + place, f32x4.add(v128.load(y + place), v128.load(x + place)));
        adds += 4;
      }
      for (; place < row; place += 4) {
        store<f32>(y + place, load<f32>(y + place) + load<f32>(x + place));
        adds++;
      }
      x += row;
    }
    for (let place = 0; place < row; place += 4) {
      store<f32>(y + place, load<f32>(y + place) / total);
      divides++;
    }
    y += row;
  }
  countAdds(adds);
  countDivides(divides);
}
