export { BackOff, pause } from './back-off.js';
export { passing, PLACES_CHANNEL, type Passage } from './passing.js';
export { places, type PlaceName } from './places.js';
