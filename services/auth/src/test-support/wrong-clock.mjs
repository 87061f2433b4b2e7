/**
 * Loaded into a process from outside (`node --import`), where it puts the time of day off by CLOCK_OFF_MS; what runs for a
 * time keeps its own clock, as when somebody sets a machine's clock.
 */
const off = Number(process.env['CLOCK_OFF_MS']);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + off);
    else super(...given);
  }

  static now() {
    return RealDate.now() + off;
  }
};
