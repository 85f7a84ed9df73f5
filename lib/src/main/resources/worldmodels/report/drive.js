// Driving in M's dream: C drives until a key or button of the reader's takes the wheel. root.dream is what a test, or a reader in the browser's console, looks at.

const SCALE = 4;
const STEPS_PER_SECOND = 25;
// M's z are about standard normal; one that is farther away is lost.
const FARTHEST = 20;
const KEYS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'gas', ArrowDown: 'brake', a: 'left', d: 'right', w: 'gas', s: 'brake' };

// a = squash(b + x W): steering tanh, gas from 0 to 1, brake clipped at 0.
function controller(text) {
  const parameters = floats(text);
  return (z, h) => {
    const raw = parameters.slice(0, 3);
    [...z, ...h].forEach((x, i) => { for (let a = 0; a < 3; a++) raw[a] += x * parameters[3 + 3 * i + a]; });
    const [steering, gas, brake] = [...raw].map(Math.tanh);
    return [steering, (gas + 1) / 2, Math.max(0, brake)];
  };
}

// The largest differences to what the library's M said of the same steps, with the same noise.
function compared(M, decode, data) {
  const [z, actions, uniforms, normals, said, next] = ['z', 'actions', 'uniforms', 'normals', 'said', 'next'].map(name => floats(data.check[name]));
  const block = data.memory.mixtures * data.memory.latent;
  const worst = { logits: 0, means: 0, 'log sigmas': 0, z: 0, colours: 0 };
  const part = (values, size, t) => values.subarray(t * size, (t + 1) * size);
  const note = (name, ours, theirs) => ours.forEach((x, i) => { worst[name] = Math.max(worst[name], Math.abs(x - theirs[i])); });
  M.forget();
  for (let t = 0; t < actions.length / 3; t++) {
    M.advance(part(z, data.memory.latent, t), part(actions, 3, t));
    const ours = M.expect();
    const theirs = part(said, 3 * block, t);
    ['logits', 'means', 'log sigmas'].forEach((name, i) => note(name, ours.subarray(i * block, (i + 1) * block), theirs.subarray(i * block, (i + 1) * block)));
    let j = t * data.memory.latent;
    note('z', M.draw(ours, data.check.temperature, () => uniforms[j], () => normals[j++]), part(next, data.memory.latent, t));
  }
  M.forget();
  note('colours', decode(part(z, data.memory.latent, 0)).data.filter((_, i) => i % 4 < 3), bytes(data.check.picture));
  return worst;
}

function start(root, data) {
  const M = memory(data.memory);
  const decode = decoder(data.decoder);
  const C = controller(data.controller);
  const worst = compared(M, decode, data);
  const state = { z: null, action: [0, 0, 0], driver: 'C', running: false, steps: 0, score: 0, beginning: -1, held: new Set(), temperature: 1 };

  const canvas = element('canvas', `width: ${64 * SCALE}px; height: ${64 * SCALE}px; image-rendering: pixelated; background: #000; max-width: 100%`);
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  const bars = [bar('steering', -1, 1), bar('gas', 0, 1), bar('brake', 0, 1)];
  const told = element('div', 'min-height: 1.5em; font-weight: bold');
  told.setAttribute('role', 'status');

  const show = () => {
    pen.putImageData(decode(state.z), 0, 0);
    bars.forEach((bar, i) => bar.show(state.action[i]));
    const score = data.memory.reward ? `, score ${state.score.toFixed(0)}` : '';
    told.textContent = `${state.driver === 'C' ? 'C drives' : 'You drive'}, dreamt step ${state.steps}${score}`;
  };

  // From the next real beginning: M watches its steps, and what comes after is the dream.
  const begin = () => {
    state.beginning = (state.beginning + 1) % data.beginnings.length;
    const [seen, done] = [floats(data.beginnings[state.beginning].z), floats(data.beginnings[state.beginning].actions)];
    M.forget();
    const watched = done.length / 3;
    for (let t = 0; t < watched; t++) M.advance(seen.subarray(t * data.memory.latent, (t + 1) * data.memory.latent), done.subarray(3 * t, 3 * t + 3));
    Object.assign(state, { z: seen.slice(watched * data.memory.latent), steps: 0, score: 0 });
    show();
  };

  // As a wheel turns: a fifth of the way each step, and back by itself.
  const byHand = () => {
    const wheel = (state.held.has('right') ? 1 : 0) - (state.held.has('left') ? 1 : 0);
    return [state.action[0] + Math.max(-0.2, Math.min(0.2, wheel - state.action[0])), state.held.has('gas') ? 1 : 0, state.held.has('brake') ? 0.8 : 0];
  };

  const step = () => {
    state.action = state.driver === 'C' ? C(state.z, M.hidden()) : byHand();
    M.advance(state.z, state.action);
    const said = M.expect();
    state.z = M.draw(said, state.temperature, Math.random, standardNormal);
    state.steps++;
    const heads = 3 * data.memory.mixtures * data.memory.latent;
    if (data.memory.reward) state.score += said[heads];
    const ended = data.memory.done && Math.random() < sigmoid(said[heads + (data.memory.reward ? 1 : 0)]);
    if (ended || !state.z.every(x => Math.abs(x) <= FARTHEST)) {
      begin();
      told.textContent = ended ? 'M says that the car has left the field; the next beginning' : 'M has lost its way; the next beginning';
      return;
    }
    show();
  };

  let timer = 0;
  const run = on => {
    state.running = on;
    timer = clearInterval(timer);
    if (on) timer = setInterval(() => { if (root.isConnected) step(); else run(false); }, 1000 / STEPS_PER_SECOND);
    play.textContent = on ? 'Pause' : 'Drive';
  };
  const take = (what, on) => {
    if (on) {
      state.held.add(what);
      state.driver = 'you';
      if (!state.running) run(true);
    } else {
      state.held.delete(what);
    }
  };
  const giveBack = () => {
    state.driver = 'C';
    state.held.clear();
    show();
  };

  const game = element('div', 'outline-offset: 4px');
  const play = button('Drive', () => { run(!state.running); game.focus(); });
  const touch = (label, what) => {
    const made = button(label, () => {});
    made.style.touchAction = 'none';
    made.addEventListener('pointerdown', event => { event.preventDefault(); game.focus(); take(what, true); });
    for (const end of ['pointerup', 'pointerleave', 'pointercancel']) made.addEventListener(end, () => take(what, false));
    return made;
  };
  const temperature = slider('temperature', 0.1, 2, 0.05, 1, value => { state.temperature = value; }, value => value.toFixed(2));
  game.tabIndex = 0;
  game.setAttribute('aria-label', 'Drive in the dream: arrow keys take the wheel, c gives it back to C, space stops, r begins again');
  const row = (...parts) => element('div', 'display: flex; flex-wrap: wrap; gap: 4px; margin: 4px 0', ...parts);
  game.append(canvas, told, row(play, button('C drives', giveBack), button('Again', () => { begin(); game.focus(); })),
    row(touch('Left', 'left'), touch('Gas', 'gas'), touch('Brake', 'brake'), touch('Right', 'right')));
  const { colours, ...numbers } = worst;
  const difference = Object.entries(numbers).map(([name, value]) => `${name} ${value.toFixed(3)}`).join(', ');
  root.replaceChildren(game, element('div', 'max-width: 34em', temperature.row, ...bars.map(({ row }) => row),
    element('p', '', 'Arrow keys or w, a, s, d take the wheel from C; c gives it back, space stops, r begins again.'),
    element('p', 'font-size: 85%', `Weights of 8 bits. The largest differences to the library's M on ${data.check.steps} real steps, with the same noise: ${difference} (of ${data.check.tolerance} allowed); to V's picture: ${colours} of 255 (${data.check.colourTolerance}).`)));

  // Before a notebook's own keys, and only while the reader is here.
  const key = (event, on) => {
    if (!game.contains(document.activeElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const what = KEYS[event.key];
    if (what) take(what, on);
    else if (on && event.key === 'c') giveBack();
    else if (on && event.key === ' ' && document.activeElement === game) run(!state.running);
    else if (on && event.key === 'r') begin();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', event => key(event, true), true);
  window.addEventListener('keyup', event => key(event, false), true);
  window.addEventListener('blur', () => state.held.clear());

  root.dream = { state, worst, check: data.check };
  begin();
}
