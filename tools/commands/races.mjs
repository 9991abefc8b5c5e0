// npm run races: the same messages at the same moment, to several replicas; then the outside is counted.
import { main as races } from '../../e2e/races/command.mjs';

export const main = races;
