import { answers } from './helpers.ts';

// Operators that do nothing at inference, and are rows all the same.

const image = [2, 3, 4, 4];
const shapes = { inputs: [image], outputs: [image] };

answers('dropout', [
  { what: 'costs nothing', ...shapes },
  { what: 'at any rate', attributes: { rate: 0 }, ...shapes },
]);
answers('stochasticdepth', [{ what: 'costs nothing', attributes: { rate: 0.2 }, ...shapes }]);
answers('identity', [{ what: 'costs nothing', ...shapes }]);
