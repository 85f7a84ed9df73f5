// A search over two numbers, generation by generation: what was tried, what was kept, and the ellipse of two deviations that the candidates fill.
// root.search is for who looks from the browser's console.

const SHADES = 14;

function start(root, data) {
  const generations = data.generations.map(floats);
  const values = data.values.map(floats);
  const heights = bytes(data.heights);
  const paper = plane(460, 380, { x: data.x, y: data.y });

  // The landscape in bands, dark where it is good: lines of equal height.
  const land = element('canvas', '');
  land.width = land.height = data.side;
  const picture = new ImageData(data.side, data.side);
  heights.forEach((height, i) => {
    const shade = 255 - 110 * (1 - Math.floor(height / 256 * SHADES) / (SHADES - 1));
    const row = data.side - 1 - Math.floor(i / data.side);
    picture.data.set([shade, shade, Math.min(255, shade + 12), 255], 4 * (row * data.side + i % data.side));
  });
  land.getContext('2d').putImageData(picture, 0, 0);

  const moments = points => {
    const count = points.length / 2;
    const mean = [0, 1].map(d => points.reduce((sum, x, i) => sum + (i % 2 === d ? x : 0), 0) / count);
    const covariance = (a, b) => Array.from({ length: count }, (_, i) => (points[2 * i + a] - mean[a]) * (points[2 * i + b] - mean[b])).reduce((x, y) => x + y, 0) / count;
    return { mean, xx: covariance(0, 0), xy: covariance(0, 1), yy: covariance(1, 1) };
  };
  // Cholesky's factor of the covariance takes the circle to the ellipse.
  const ellipse = ({ mean, xx, xy, yy }) => {
    const a = Math.sqrt(xx);
    const b = a > 0 ? xy / a : 0;
    const c = Math.sqrt(Math.max(0, yy - b * b));
    return Array.from({ length: 61 }, (_, i) => i * Math.PI / 30).map(t => [mean[0] + 2 * a * Math.cos(t), mean[1] + 2 * (b * Math.cos(t) + c * Math.sin(t))]);
  };
  const told = element('div', 'font-variant-numeric: tabular-nums');
  const show = g => {
    const points = generations[g];
    const order = [...values[g].keys()].sort((a, b) => values[g][a] - values[g][b]);
    const kept = new Set(order.slice(0, data.kept));
    paper.clear();
    const { pen, x, y } = paper;
    pen.save();
    pen.beginPath();
    pen.rect(x(data.x[0]), y(data.y[1]), x(data.x[1]) - x(data.x[0]), y(data.y[0]) - y(data.y[1]));
    pen.clip();
    pen.imageSmoothingEnabled = false;
    pen.drawImage(land, x(data.x[0]), y(data.y[1]), x(data.x[1]) - x(data.x[0]), y(data.y[0]) - y(data.y[1]));
    const now = moments(points);
    paper.line(generations.slice(0, g + 1).map(earlier => moments(earlier).mean), '#000', 1);
    paper.line(ellipse(now), '#0072b2', 2);
    for (const i of [...order].reverse()) paper.dot(points[2 * i], points[2 * i + 1], kept.has(i) ? '#d55e00' : '#777');
    paper.dot(...now.mean, '#000', 4);
    pen.restore();
    told.textContent = `best ${values[g][order[0]].toPrecision(3)}, mean at (${now.mean.map(v => v.toFixed(2)).join(', ')}), deviations ${Math.sqrt(now.xx).toPrecision(2)} and ${Math.sqrt(now.yy).toPrecision(2)}`;
    root.search = { generation: g, kept: [...kept], mean: now.mean };
  };
  const at = slider(data.unit, 1, generations.length, 1, 1, value => show(value - 1), value => `${value} of ${generations.length}`);
  const next = button('Next', () => at.set(Math.min(generations.length, at.value() + 1)));
  const back = button('Back', () => at.set(Math.max(1, at.value() - 1)));
  root.replaceChildren(paper.canvas, told, element('div', 'max-width: 34em', at.row),
    element('div', 'display: flex; gap: 4px', back, next), element('p', 'font-size: 85%', `Orange: the best ${data.kept}, which make the next mean. Black: the mean and its way. Blue: two deviations of the candidates. Darker is better.`));
  show(0);
}
