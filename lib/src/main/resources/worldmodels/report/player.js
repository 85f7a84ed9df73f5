// Plays the frames of a sheet: the image stands still behind a window for each panel, which shows the frame's own part of it.
// Frame t of panel p lies in column floor(t / rows), at the height of cell (t mod rows) panels + p.

function start(root, film) {
  const windows = film.panels.map(panel => {
    const sheet = root.querySelector('img').cloneNode();
    sheet.style.cssText = `position: absolute; max-width: none; width: ${film.columns * film.cell[0] * film.scale}px; image-rendering: pixelated`;
    const frame = element('div', `position: relative; overflow: hidden; width: ${panel.width * film.scale}px; height: ${panel.height * film.scale}px`, sheet);
    return { sheet, box: element('div', '', frame, element('div', 'font-size: 85%', panel.label)) };
  });
  const bars = film.traces.map(trace => bar(trace.label, trace.low, trace.high));
  const show = t => {
    windows.forEach(({ sheet }, p) => {
      sheet.style.left = `${-Math.floor(t / film.rows) * film.cell[0] * film.scale}px`;
      sheet.style.top = `${-(t % film.rows * windows.length + p) * film.cell[1] * film.scale}px`;
    });
    bars.forEach((bar, i) => bar.show(film.traces[i].values[Math.min(t * film.every, film.traces[i].values.length - 1)]));
  };
  const at = slider('frame', 0, film.frames - 1, 1, 0, show, t => `${t * film.every + 1} of ${film.length}`);
  let timer = 0;
  const pause = () => { timer = clearInterval(timer); play.textContent = 'Play'; };
  const next = () => { if (root.isConnected) at.set((at.value() + 1) % film.frames); else pause(); };
  const play = button('Play', () => {
    if (timer) return pause();
    timer = setInterval(next, 1000 * film.every / film.rate);
    play.textContent = 'Pause';
  });
  at.range.addEventListener('pointerdown', pause);
  at.row.prepend(play);
  at.row.querySelector('span').hidden = true;
  root.replaceChildren(element('div', 'display: flex; flex-wrap: wrap; gap: 4px', ...windows.map(({ box }) => box)),
    element('div', 'max-width: 34em', at.row, ...bars.map(({ row }) => row)));
  show(0);
}
