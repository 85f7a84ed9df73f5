// What pictures that answer are made of. Colours are the page's own where they can be, so that a dark page stays dark.

function element(tag, style, ...children) {
  const made = document.createElement(tag);
  // JupyterLab takes arrow keys and Enter for itself, but not from what bears this.
  if (['button', 'input', 'select'].includes(tag)) made.dataset.lmSuppressShortcuts = 'true';
  made.style.cssText = style;
  made.append(...children);
  return made;
}

function button(label, pressed) {
  const made = element('button', 'font: inherit; padding: 0 0.6em; cursor: pointer; min-width: 4.5em', label);
  made.type = 'button';
  made.addEventListener('click', pressed);
  return made;
}

// A slider with its name before and its value behind it; moved(value) is told of each change. Arrow keys move it by a step.
function slider(name, low, high, step, value, moved, shown = String) {
  const range = element('input', 'flex: 1; min-width: 6em; vertical-align: middle');
  Object.assign(range, { type: 'range', min: low, max: high, step, value });
  range.setAttribute('aria-label', name);
  const told = element('output', 'min-width: 5em; text-align: right; font-variant-numeric: tabular-nums', shown(Number(range.value)));
  const row = element('label', 'display: flex; gap: 0.6em; align-items: center', element('span', 'min-width: 6em', name), range, told);
  const set = (value, tell = true) => {
    range.value = value;
    told.textContent = shown(Number(range.value));
    if (tell) moved(Number(range.value));
  };
  range.addEventListener('input', () => set(range.value));
  return { row, range, set, value: () => Number(range.value) };
}

// A bar from zero, or from the end nearer to it, to a value.
function bar(name, low, high) {
  const fill = element('span', 'position: absolute; top: 0; bottom: 0; background: #0072b2');
  const track = element('span', 'position: relative; flex: 1; height: 0.7em; border: 1px solid #8888', fill);
  const told = element('output', 'min-width: 5em; text-align: right; font-variant-numeric: tabular-nums');
  const row = element('div', 'display: flex; gap: 0.6em; align-items: center', element('span', 'min-width: 6em', name), track, told);
  const share = value => 100 * Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return {
    row,
    show(value) {
      const [from, to] = [share(0), share(value)].sort((a, b) => a - b);
      fill.style.left = `${from}%`;
      fill.style.width = `${to - from}%`;
      told.textContent = Number(value.toFixed(2));
    },
  };
}
