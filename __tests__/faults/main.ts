import { openBench } from './bench';
import { checkReference } from './ends';
import { KINDS_HERE } from './kinds';
import { OPERATIONS } from './operations';
import { takeReference } from './reference';
import { nameOf, pointsOf, tryPoint } from './trial';

(async () => {
  const only = process.argv[2];
  for (const operation of OPERATIONS) {
    if (only && !operation.name.includes(only)) continue;
    const t = performance.now();
    const c = process.cpuUsage();
    const bench = await openBench(operation.release);
    try {
      const reference = await takeReference(operation, bench);
      const bad = checkReference(reference);
      if (bad.length) console.log('REFERENCE', operation.name, bad);
      const points = pointsOf(reference, KINDS_HERE);
      let fails = 0;
      for (const p of points) {
        const complaints = await tryPoint(p, reference, bench).catch((e) => [String(e.stack)]);
        if (complaints.length) {
          fails++;
          console.log(nameOf(p, reference), complaints);
        }
      }
      const u = process.cpuUsage(c);
      console.log(
        operation.name,
        points.length,
        'fails',
        fails,
        Math.round(performance.now() - t),
        'cpu',
        Math.round((u.user + u.system) / 1000),
        reference.commands.map((x) => x.length).join(),
      );
    } catch (e) {
      console.log(operation.name, e);
    }
    await bench.close();
  }
})();
