export { BackOff, pause } from './back-off.js';
