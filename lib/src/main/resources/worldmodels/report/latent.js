// z moved by hand: a slider for each of some of its numbers, and V's decoder in the page. root.latent is for who looks from the browser's console.

function start(root, data) {
  const decode = decoder(data.decoder);
  const canvas = element('canvas', 'width: 256px; height: 256px; image-rendering: pixelated; background: #000; max-width: 100%');
  canvas.width = canvas.height = 64;
  const z = new Float32Array(data.latent);
  const show = () => canvas.getContext('2d').putImageData(decode(z), 0, 0);
  const sliders = data.coordinates.map(i => slider(`z${i}`, -data.reach, data.reach, 0.1, 0, value => { z[i] = value; show(); }, value => value.toFixed(1)));
  const begin = text => {
    z.set(floats(text));
    sliders.forEach((slider, k) => slider.set(z[data.coordinates[k]], false));
    show();
  };
  const frames = data.frames.map((text, i) => button(`Frame ${i + 1}`, () => begin(text)));
  const zero = button('z = 0', () => begin(btoa(String.fromCharCode(...new Uint8Array(z.fill(0).buffer)))));
  root.replaceChildren(canvas, element('div', 'display: flex; flex-wrap: wrap; gap: 4px; margin: 4px 0', ...frames, zero),
    element('div', 'max-width: 34em', ...sliders.map(({ row }) => row)));
  root.latent = { z };
  begin(data.frames[0]);
}
