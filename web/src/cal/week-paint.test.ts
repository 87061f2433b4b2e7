import fc from 'fast-check';
import { paint } from './week-paint.tsx';

const span = fc
  .tuple(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 1, max: 12 }))
  .map(([start, length]) => ({ start: start * 30, end: Math.min(48, start + length) * 30 }));

test('painting opens or closes exactly the stroke, whatever was there, and leaves sorted hours apart', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(span, fc.boolean()), { maxLength: 8 }), (strokes) => {
      const open = new Set<number>();
      let spans: { start: number; end: number }[] = [];
      for (const [stroke, opens] of strokes) {
        for (let at = stroke.start; at < stroke.end; at += 30)
          if (opens) open.add(at);
          else open.delete(at);
        spans = paint(spans, stroke, opens);
      }
      const painted = spans.flatMap(({ start, end }) =>
        Array.from({ length: (end - start) / 30 }, (_, index) => start + index * 30),
      );
      expect(painted).toEqual([...open].sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
