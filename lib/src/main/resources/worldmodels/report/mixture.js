// What M expects of one number of the next z, step by step: a mixture of Gaussians, bolder or safer by its temperature, and what came.
// root.mixture is for who looks from the browser's console.

const SAMPLES = 240;

function start(root, data) {
  const steps = data.steps.map(step => ({ logits: floats(step.logits), means: floats(step.means), logSigmas: floats(step.logSigmas), came: step.came }));
  const count = data.coordinates.length;
  const state = { step: 0, temperature: 1, coordinate: 0 };

  // The mixture's components at a temperature: weight, mean, deviation.
  const components = () => {
    const { logits, means, logSigmas } = steps[state.step];
    const at = Array.from({ length: data.mixtures }, (_, k) => k * count + state.coordinate);
    const largest = Math.max(...at.map(i => logits[i]));
    const weights = at.map(i => Math.exp((logits[i] - largest) / state.temperature));
    const sum = weights.reduce((a, b) => a + b);
    return at.map((i, k) => ({ weight: weights[k] / sum, mean: means[i], deviation: Math.exp(logSigmas[i]) * Math.sqrt(state.temperature) }));
  };
  const normal = (x, { weight, mean, deviation }) => weight * Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));

  const holder = element('div', '');
  const told = element('div', 'font-variant-numeric: tabular-nums');
  const show = () => {
    const parts = components();
    const came = steps[state.step].came[state.coordinate];
    const xs = Array.from({ length: SAMPLES + 1 }, (_, i) => data.low + (data.high - data.low) * i / SAMPLES);
    const curve = xs.map(x => parts.reduce((sum, part) => sum + normal(x, part), 0));
    const paper = plane(460, 240, { x: [data.low, data.high], y: [0, 1.05 * Math.max(...curve)] });
    paper.clear();
    parts.forEach(part => paper.line(xs.map(x => [x, normal(x, part)]), '#bbb', 1));
    paper.line(xs.map((x, i) => [x, curve[i]]), '#0072b2', 2);
    paper.line([[came, 0], [came, Math.max(...curve)]], '#d55e00');
    holder.replaceChildren(paper.canvas);
    const density = parts.reduce((sum, part) => sum + normal(came, part), 0);
    told.textContent = `came (orange): ${came.toFixed(2)}, -ln p: ${(-Math.log(density)).toFixed(2)} nats; weights ${parts.map(part => part.weight.toFixed(2)).join(' ')}`;
  };
  const choose = element('select', 'font: inherit', ...data.coordinates.map((i, k) => Object.assign(element('option', '', `z${i}`), { value: k })));
  choose.setAttribute('aria-label', 'number of z');
  choose.addEventListener('change', () => { state.coordinate = Number(choose.value); show(); });
  const step = slider('step', 0, steps.length - 1, 1, 0, value => { state.step = value; show(); }, value => String(data.from + value));
  const temperature = slider('temperature', 0.1, 2, 0.05, 1, value => { state.temperature = value; show(); }, value => value.toFixed(2));
  root.replaceChildren(choose, holder, told, element('div', 'max-width: 34em', step.row, temperature.row));
  root.mixture = { state, components };
  show();
}
