// The same suite with five kills of each process and five deaths at each point.
import '../support/faults/five-rounds.ts';
import './f01-f02-kills.test.ts';
